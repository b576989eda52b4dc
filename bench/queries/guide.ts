import type pg from "pg";
import { limits } from "#protocol/limits.ts";
import { messageLine, type Peer, type Reader, type Readers, rowLine, unreadLine, type Writer } from "./schema.ts";
import { inTransaction, prepared, randomKey, randomKeyOf } from "./statements.ts";

/**
 * The first Pro LiveChat and its optimization guide: random keys, names as Sequelize writes them, every state a column
 * that is looked for. With and without the guide's indexes.
 */
const guide = {
  schema: "guide",
  messages: "Messages",
  tables: `
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
    create index on "files" ("messageId")`,
  fill: [
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
  ],
  trigrams: [],
  readers: async (client: pg.Client) => guideReaders(client, inboxRow(pageOfConversations)),
  writer: async (client: pg.Client): Promise<Writer> => {
    const insert = prepared(
      client,
      "insert",
      `insert into "Messages" values
         (gen_random_uuid(), 'visitor', $1, 'text', $2, false, $3, now(), now(), null) returning *`,
    );
    const touch = prepared(client, "touch", `update "Conversations" set "updatedAt" = now() where "id" = $1`);
    return ({ conversationId, visitorId }, body) =>
      inTransaction(client, async () => {
        await insert(randomKeyOf(visitorId), body, randomKeyOf(conversationId));
        await touch(randomKeyOf(conversationId));
      });
  },
};

export const guideWithIndexes: Peer = {
  ...guide,
  name: "guide-indexed",
  title: "guide, indexed",
  indexes: [
    ...["conversationId", "createdAt", "isRead", "senderType", "deletedAt"].map(on("Messages")),
    `create index on "Messages" ("conversationId", "isRead", "createdAt")`,
    ...["websiteId", "status", "visitorId", "assignedAdminId", "createdAt", "isAiActive", "deletedAt"].map(
      on("Conversations"),
    ),
    `create index on "Conversations" ("websiteId", "status")`,
    `create index on "Conversations" ("status", "updatedAt")`,
    ...["externalId", "browserFingerprint", "deletedAt"].map(on("Visitors")),
  ],
  asWritten: readersAsWritten,
};

export const guideWithoutIndexes: Peer = {
  ...guide,
  name: "guide-plain",
  title: "guide, no indexes",
  indexes: [],
  // A row's last message is a scan of all messages without an index: one scan for all rows is the best it can do.
  readers: async client => guideReaders(client, inboxInOneScan),
};

function on(table: string) {
  return (column: string) => `create index on "${table}" ("${column}")`;
}

/** The guide reads whole conversations and lists; here it is given the limits that it lacks. */
function guideReaders(client: pg.Client, inboxText: string): Readers {
  const newest = prepared(client, "newest", messagesOf("", `order by m."createdAt" desc limit $2`));
  const before = prepared(
    client,
    "before",
    messagesOf(`and m."createdAt" < $3`, `order by m."createdAt" desc limit $2`),
  );
  const unread = prepared(
    client,
    "unread",
    `select count(*)::integer as count from "Messages" m where m."conversationId" = $1 and ${isUnread}`,
  );
  const unreadOfWebsite = prepared(
    client,
    "unread-website",
    `select count(*)::integer as count
     from "Messages" m
     join "Conversations" c on c."id" = m."conversationId"
     where c."websiteId" = $1 and c."status" = 'open' and c."deletedAt" is null and ${isUnread}`,
  );
  const newestOf =
    (limit: number): Reader =>
    async ({ conversationId }) =>
      linesOf((await newest<Message>(randomKeyOf(conversationId), limit)).reverse());
  return {
    "newest-50": newestOf(50),
    "newest-1000": newestOf(1_000),
    middle: async ({ conversationId, beforeAt }) =>
      linesOf((await before<Message>(randomKeyOf(conversationId), 50, beforeAt)).reverse()),
    "unread-conversation": async ({ conversationId }) => {
      const [row] = await unread<Count>(randomKeyOf(conversationId));
      return () => [unreadLine(row!.count)];
    },
    "unread-website": async ({ websiteId }) => {
      const [row] = await unreadOfWebsite<Count>(websiteId);
      return () => [`${row!.count} messages`];
    },
    inbox: inboxReader(client, "inbox", inboxText),
  };
}

/** To the letter: all messages of a conversation, and all open conversations of a website with the last words of each. */
function readersAsWritten(client: pg.Client): Readers {
  const whole = prepared(client, "whole", messagesOf("", `order by m."createdAt"`));
  const wholeConversation: Reader = async ({ conversationId }) =>
    linesOf(await whole<Message>(randomKeyOf(conversationId)));
  return {
    "newest-50": wholeConversation,
    "newest-1000": wholeConversation,
    inbox: inboxReader(client, "inbox-whole", inboxRow(openConversations)),
  };
}

type Message = { content: string; createdAt: Date };
type Count = { count: number };

const linesOf = (rows: Message[]) => () => rows.map(row => messageLine(row.createdAt, row.content));

const isUnread = `m."isRead" = false and m."senderType" = 'visitor' and m."deletedAt" is null`;

const messagesOf = (range: string, order: string) => `
  select m.*, f."id" as "fileId", f."name" as "fileName", f."url" as "fileUrl"
  from "Messages" m
  left join "files" f on f."messageId" = m."id"
  where m."conversationId" = $1 and m."deletedAt" is null ${range}
  ${order}`;

function inboxReader(client: pg.Client, name: string, text: string): Reader {
  const inbox = prepared(client, name, text);
  return async ({ websiteId }) => {
    const rows = await inbox<{ id: string; updatedAt: Date; unread: number }>(websiteId);
    return () => rows.map(row => rowLine(row.updatedAt, row.id, row.unread));
  };
}

const openConversations = `
  select *
  from "Conversations"
  where "websiteId" = $1 and "status" = 'open' and "deletedAt" is null
  order by "updatedAt" desc`;
const pageOfConversations = `${openConversations} limit ${limits.inboxPageSize}`;

const inboxRow = (conversations: string) => `
  select c.*, v."username", v."lastSeenLocation", w."name", last."content", last."senderType", last."createdAt" as "lastAt",
    (select count(*)::integer from "Messages" m where m."conversationId" = c."id" and ${isUnread}) as "unread"
  from (${conversations}) c
  join "Visitors" v on v."id" = c."visitorId"
  join "Websites" w on w."id" = c."websiteId"
  left join lateral (
    select m."content", m."senderType", m."createdAt"
    from "Messages" m
    where m."conversationId" = c."id" and m."deletedAt" is null
    order by m."createdAt" desc
    limit 1
  ) last on true
  order by c."updatedAt" desc`;

const inboxInOneScan = `
  with page as materialized (${pageOfConversations})
  select c.*, v."username", v."lastSeenLocation", w."name", said."last", said."unread"
  from page c
  join (
    select m."conversationId", (array_agg(m."content" order by m."createdAt" desc))[1] as "last",
      (count(*) filter (where ${isUnread}))::integer as "unread"
    from page
    join "Messages" m on m."conversationId" = page."id" and m."deletedAt" is null
    group by m."conversationId"
  ) said on said."conversationId" = c."id"
  join "Visitors" v on v."id" = c."visitorId"
  join "Websites" w on w."id" = c."websiteId"
  order by c."updatedAt" desc`;
