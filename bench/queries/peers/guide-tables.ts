import { randomKey } from "./statements.ts";

/** The first Pro LiveChat's tables, with names as Sequelize writes them, filled from the product's. */
export const tables = `
  create type sender_type as enum ('visitor', 'agent', 'system');
  create type content_type as enum ('text', 'file', 'note', 'event');
  create type status as enum ('open', 'resolved');
  create table "Websites" (
    "id" integer primary key, "name" varchar(255) not null, "url" varchar(255) unique, "widgetKey" varchar(255) unique,
    "createdAt" timestamptz not null, "updatedAt" timestamptz not null);
  create table "Visitors" (
    "id" uuid primary key, "externalId" varchar(255), "username" varchar(255), "browserFingerprint" varchar(255),
    "lastSeenIp" varchar(255), "lastSeenLocation" varchar(255), "lastSeenUserAgent" text, "websiteId" integer not null,
    "createdAt" timestamptz not null, "updatedAt" timestamptz not null, "deletedAt" timestamptz);
  create table "Conversations" (
    "id" uuid primary key, "status" status not null, "isAiActive" boolean not null, "aiSummary" text,
    "websiteId" integer not null, "visitorId" uuid not null, "assignedAdminId" uuid,
    "createdAt" timestamptz not null, "updatedAt" timestamptz not null, "deletedAt" timestamptz);
  create table "Messages" (
    "id" uuid primary key, "senderType" sender_type not null, "senderId" uuid, "contentType" content_type not null,
    "content" text, "isRead" boolean not null, "conversationId" uuid not null,
    "createdAt" timestamptz not null, "updatedAt" timestamptz not null, "deletedAt" timestamptz);
  create table "files" ("id" uuid primary key, "messageId" uuid not null, "name" varchar(255), "url" text);
  create index on "files" ("messageId")`;

export const fill = [
  `insert into "Websites"
   select id, name, 'https://' || id || '.example', public_key, created_at, created_at from public.websites`,
  `insert into "Visitors"
   select distinct on (id) ${randomKey("id")}, external_id, name, null, null, null, user_agent, website_id,
     first_seen_at, last_seen_at, deleted_at
   from public.visitors`,
  `insert into "Conversations"
   select ${randomKey("id")}, status::text::status, false, null, website_id, ${randomKey("visitor_id")}, assignee_id,
     created_at, last_message_at, deleted_at
   from public.conversations
   order by created_at`,
  `insert into "Messages"
   select gen_random_uuid(), m.author::text::sender_type, coalesce(m.author_id, c.visitor_id),
     m.kind::text::content_type, m.body,
     m.seq <= case m.author when 'visitor' then c.agent_read_seq else c.visitor_read_seq end,
     ${randomKey("m.conversation_id")}, m.created_at, m.created_at, m.deleted_at
   from public.messages m
   join public.conversations c on c.website_id = m.website_id and c.id = m.conversation_id
   order by m.created_at, m.conversation_id, m.seq`,
];

/** Those that the optimization guide adds. */
export const indexes = [
  ...["conversationId", "createdAt", "isRead", "senderType", "deletedAt"].map(on("Messages")),
  `create index on "Messages" ("conversationId", "isRead", "createdAt")`,
  ...["websiteId", "status", "visitorId", "assignedAdminId", "createdAt", "isAiActive", "deletedAt"].map(
    on("Conversations"),
  ),
  `create index on "Conversations" ("websiteId", "status")`,
  `create index on "Conversations" ("status", "updatedAt")`,
  ...["externalId", "browserFingerprint", "deletedAt"].map(on("Visitors")),
];

function on(table: string) {
  return (column: string) => `create index on "${table}" ("${column}")`;
}
