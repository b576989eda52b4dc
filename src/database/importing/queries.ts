import { deleted } from "#database/conditions.ts";
import type { Db } from "#database/connect.ts";
import { partitionOf } from "#database/partitions/months.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { raw, sql } from "#database/sql.ts";
import { type ConversationRows, summaryOf } from "./rows.ts";

const sampleId = "00000000-0000-7000-8000-000000000000";

export type NewVisitor = {
  id: string;
  externalId: string | null;
  name: string | null;
  email: string | null;
  attributes: string;
  firstSeenAt: Date;
  lastSeenAt: Date;
};

/** Makes the rows of visitors that have none; one in the trash stays as it is. */
export const insertVisitors = defineQuery(
  {
    name: "visitors of an import",
    indexes: [],
    sample: ({ websiteId, lastMessageAt: at }) => [
      websiteId,
      [{ id: sampleId, externalId: null, name: null, email: null, attributes: "{}", firstSeenAt: at, lastSeenAt: at }],
    ],
  },
  (tx: Db, websiteId: number, visitors: NewVisitor[]) => {
    const column = (name: keyof NewVisitor) => visitors.map(visitor => visitor[name]);
    return sql`
      insert into visitors (website_id, id, external_id, name, email, attributes, first_seen_at, last_seen_at)
      select ${websiteId}, t.*
      from unnest(${column("id")}::uuid[], ${column("externalId")}::text[], ${column("name")}::text[],
        ${column("email")}::text[], ${column("attributes")}::jsonb[], ${column("firstSeenAt")}::timestamptz[],
        ${column("lastSeenAt")}::timestamptz[]) as t
      on conflict do nothing`.rows(tx);
  },
);

export type FoundVisitor = { id: string; externalId: string | null; isDeleted: boolean };

/** The rows of visitors, by id or by the website's own id of them. The import leaves out what belongs to one in the trash. */
export const findVisitors = defineQuery(
  {
    name: "visitors of an import, found",
    indexes: ["visitors_pkey", "visitors_by_external_id"],
    buffers: 20,
    sample: ({ websiteId, visitorId, externalId }) => [websiteId, [visitorId], [externalId]],
  },
  (db: Db, websiteId: number, ids: string[], externalIds: string[]) =>
    sql<FoundVisitor>`
      select v.id, v.external_id as "externalId", ${deleted("v")} as "isDeleted"
      from visitors v
      where v.website_id = ${websiteId}
        and v.id = any(${ids}::uuid[])
      union
      select v.id, v.external_id, ${deleted("v")}
      from visitors v
      where v.website_id = ${websiteId}
        and v.external_id = any(${externalIds}::text[])`.rows(db),
);

export type NewConversation = ConversationRows & { visitorId: string };

/** @returns the ids of those that were not there */
export const insertConversations = defineQuery(
  {
    name: "conversations of an import",
    indexes: [],
    sample: ({ websiteId, visitorId, lastMessageAt: at }) => [
      websiteId,
      [
        {
          ...{ id: sampleId, visitorId, status: "resolved" as const, continuesId: null },
          messages: [
            {
              id: sampleId,
              seq: 1,
              author: "visitor" as const,
              kind: "text" as const,
              at,
              body: "Hello",
              agentEmail: null,
            },
          ],
        },
      ],
    ],
  },
  async (tx: Db, websiteId: number, conversations: NewConversation[]): Promise<string[]> => {
    const summaries = conversations.map(summaryOf);
    const column = (name: keyof NewConversation) => conversations.map(conversation => conversation[name]);
    const summary = (name: keyof ReturnType<typeof summaryOf>) => summaries.map(each => each[name]);
    const rows = await sql<{ id: string }>`
      insert into conversations (website_id, id, visitor_id, status, continues_id, last_seq, agent_read_seq, last_public_seq,
        visitor_read_seq, preview, preview_author, created_at, last_message_at, first_reply_at, waiting_since)
      select ${websiteId}, t.id, t.visitor_id, t.status::conversation_status, t.continues_id, t.last_seq, t.last_seq,
        t.last_public_seq, t.last_public_seq, t.preview, t.preview_author::author_kind, t.created_at, t.last_message_at,
        t.first_reply_at, t.waiting_since
      from unnest(${column("id")}::uuid[], ${column("visitorId")}::uuid[], ${column("status")}::text[],
        ${column("continuesId")}::uuid[], ${summary("lastSeq")}::integer[], ${summary("lastPublicSeq")}::integer[],
        ${summary("preview")}::text[], ${summary("previewAuthor")}::text[], ${summary("createdAt")}::timestamptz[],
        ${summary("lastMessageAt")}::timestamptz[], ${summary("firstReplyAt")}::timestamptz[],
        ${summary("waitingSince")}::timestamptz[])
        as t (id, visitor_id, status, continues_id, last_seq, last_public_seq, preview, preview_author, created_at,
          last_message_at, first_reply_at, waiting_since)
      on conflict do nothing
      returning id`.rows(tx);
    return rows.map(({ id }) => id);
  },
);

/** Inserts the messages of conversations of one month. */
export const insertMessages = defineQuery(
  {
    name: "messages of an import",
    indexes: [],
    sample: ({ websiteId, conversationId }) => [websiteId, [{ ...emptyConversation, id: conversationId }], new Map()],
  },
  (tx: Db, websiteId: number, conversations: ConversationRows[], agents: Map<string, string>) => {
    const rows = conversations.flatMap(({ id, messages }) => messages.map(message => ({ ...message, of: id })));
    const column = (name: keyof (typeof rows)[number]) => rows.map(row => row[name]);
    return sql`
      insert into ${raw(partitionOf(conversations[0]!.id))} (website_id, conversation_id, seq, id, author, kind, author_id,
        body, created_at)
      select ${websiteId}, t.conversation_id, t.seq, t.id, t.author::author_kind, t.kind::message_kind, t.author_id, t.body,
        t.created_at
      from unnest(${column("of")}::uuid[], ${column("seq")}::integer[], ${column("id")}::uuid[], ${column("author")}::text[],
        ${column("kind")}::text[], ${rows.map(row => agents.get(row.agentEmail?.toLowerCase() ?? "") ?? null)}::uuid[],
        ${column("body")}::text[], ${column("at")}::timestamptz[])
        as t (conversation_id, seq, id, author, kind, author_id, body, created_at)`.rows(tx);
  },
);

const emptyConversation: ConversationRows = { id: sampleId, status: "resolved", continuesId: null, messages: [] };

export type Stored = { id: string; messages: number; hash: string };

/** What is stored of conversations of one month: how many messages, and the MD5 of their texts one after another. */
export const readStored = defineQuery(
  {
    name: "messages of an import, read back",
    indexes: ["messages_pkey"],
    includesDeleted: { messages: "of a conversation that was just made, none is deleted" },
    sample: ({ websiteId, conversationId }) => [websiteId, [conversationId]],
  },
  (tx: Db, websiteId: number, ids: string[]) =>
    sql<Stored>`
      select conversation_id as id, count(*)::integer as messages, md5(string_agg(body, '' order by seq)) as hash
      from ${raw(partitionOf(ids[0]!))}
      where website_id = ${websiteId}
        and conversation_id = any(${ids}::uuid[])
      group by conversation_id`.rows(tx),
);

/** The accounts of these e-mail addresses, in lower case. */
export const findAccounts = defineQuery(
  {
    name: "accounts of an import's agents",
    indexes: ["users_email_key", "users_pkey"],
    sample: () => [["a@b.example"]],
  },
  (db: Db, emails: string[]) => db.selectFrom("users").select(["id", "email"]).where("email", "in", emails).execute(),
);

/** Those of the accounts that are or were members of the website. */
export const findMembers = defineQuery(
  {
    name: "agents of an import",
    indexes: ["memberships_pkey"],
    buffers: 12,
    includesDeleted: { memberships: "former agents are named at what they wrote" },
    sample: ({ websiteId, agentId }) => [websiteId, [agentId]],
  },
  async (db: Db, websiteId: number, userIds: string[]): Promise<string[]> => {
    const rows = await db
      .selectFrom("memberships")
      .select("user_id")
      .where("website_id", "=", websiteId)
      .where("user_id", "in", userIds)
      .execute();
    return rows.map(row => row.user_id);
  },
);
