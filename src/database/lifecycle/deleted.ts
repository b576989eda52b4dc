import { deleted } from "#database/conditions.ts";
import type { Db } from "#database/connect.ts";
import { partitionOf } from "#database/partitions/months.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { raw, sql } from "#database/sql.ts";
import { mayGo } from "./may-go.ts";

type Due = { websiteId: number; before: Date; limit: number };

const sample = ({ websiteId }: { websiteId: number }): [Due] => [{ websiteId, before: new Date(), limit: 100 }];

/** The conversations of a website that were deleted before a moment and may go for good, the oldest deletion first. */
export const listDeleted = defineQuery(
  {
    name: "deleted conversations of a website",
    indexes: ["conversations_deleted", "holds_pkey"],
    buffers: 120,
    sample,
  },
  (db: Db, p: Due) =>
    sql<{ conversationId: string; deletedAt: Date }>`
      select c.id as "conversationId", c.deleted_at as "deletedAt"
      from conversations c
      where c.website_id = ${p.websiteId}
        and c.deleted_at < ${p.before}
        ${mayGo.conversation("c")}
      order by c.deleted_at, c.id
      limit ${p.limit}`.rows(db),
);

/** The same of visitors. Their conversations go first: a visitor with one that something holds stays. */
export const listDeletedVisitors = defineQuery(
  {
    name: "deleted visitors of a website",
    indexes: ["visitors_deleted", "conversations_by_visitor", "holds_pkey"],
    buffers: 500,
    includesDeleted: { conversations: "a deleted one keeps its visitor too" },
    sample,
  },
  (db: Db, p: Due) =>
    sql<{ visitorId: string }>`
      select v.id as "visitorId"
      from visitors v
      where v.website_id = ${p.websiteId}
        and v.deleted_at < ${p.before}
        and not exists (
          select from conversations c where c.website_id = v.website_id and c.visitor_id = v.id)
        ${mayGo.visitor("v")}
      order by v.deleted_at, v.id
      limit ${p.limit}`.rows(db),
);

export type DeletedMessage = { conversationId: string; seq: number };

/**
 * The messages of a website that were deleted before a moment and still have their text, the oldest deletion first. Later
 * months than this one are empty, and not read. A day more, as ids have the time of the server's clock.
 */
export const listDeletedMessages = defineQuery(
  {
    name: "deleted messages of a website",
    indexes: ["messages_deleted", "messages_archive_deleted", "holds_pkey", "conversations_pkey"],
    includesDeleted: { conversations: "a hold keeps the messages of a deleted one too" },
    sample,
  },
  (db: Db, p: Due) => {
    const within = (table: "messages" | "messages_archive") => sql`
      select m.conversation_id as "conversationId", m.seq, m.deleted_at
      from ${raw(table)} m
      where m.website_id = ${p.websiteId}
        and ${deleted("m")}
        and m.deleted_at < ${p.before}
        and m.conversation_id < uuid_floor(now() + interval '1 day')
        and m.body <> ''
        ${mayGo.message("m")}`;
    return sql<DeletedMessage>`
      ${within("messages")}
      union all
      ${within("messages_archive")}
      order by deleted_at, "conversationId", seq
      limit ${p.limit}`.rows(db);
  },
);

/**
 * Removes the text of a message that was deleted before a moment; it keeps its place without it.
 * @returns false if it was brought back meanwhile
 */
export const clearDeletedMessage = defineQuery(
  {
    name: "the text of a deleted message, removed",
    indexes: ["messages_pkey", "messages_deleted", "message_search_pkey", "holds_pkey", "conversations_pkey"],
    buffers: 40,
    includesDeleted: { conversations: "a hold keeps the messages of a deleted one too" },
    sample: ({ websiteId, conversationId, lastSeq }) => [
      { websiteId, conversationId, seq: lastSeq, before: new Date(0) },
    ],
  },
  async (tx: Db, p: DeletedMessage & Pick<Due, "websiteId" | "before">): Promise<boolean> => {
    const rows = await sql`
      update ${raw(partitionOf(p.conversationId))} m
      set body = '', details = null
      where m.website_id = ${p.websiteId}
        and m.conversation_id = ${p.conversationId}
        and m.seq = ${p.seq}
        and ${deleted("m")}
        and m.deleted_at < ${p.before}
        ${mayGo.message("m")}
      returning m.seq`.rows(tx);
    if (rows.length === 0) return false;
    // The indexer removed them at the deletion, unless a server from before the index deleted the message.
    await sql`
      delete from message_search
      where website_id = ${p.websiteId}
        and conversation_id = ${p.conversationId}
        and seq = ${p.seq}`.rows(tx);
    return true;
  },
);
