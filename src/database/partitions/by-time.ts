import { allLiveMessages, deleted } from "#database/conditions.ts";
import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { none, sql } from "#database/sql.ts";
import { limits } from "#protocol/limits.ts";

export type TimedMessage = {
  conversationId: string;
  seq: number;
  id: string;
  kind: string;
  author: string;
  authorId: string | null;
  body: string;
  details: unknown;
  createdAt: Date;
  /** the last time; null: never */
  editedAt: Date | null;
};

/** A conversation's id holds the time of the server's clock, which may differ from the database's. */
const clockDays = 1;

type Period = {
  websiteId: number;
  from: Date;
  until: Date;
  after: { conversationId: string; seq: number } | null;
  limit: number;
};

const dayMs = 86_400_000;

/**
 * The messages of a website in `[from, until)`, conversation by conversation, without deleted ones and those of
 * visitors whose data is restricted.
 *
 * This needs no index on their time: a conversation takes messages for some days only. So the messages are in
 * conversations that began in the period or those days before it: one range of the primary key, in few partitions.
 * @param after  the last message of the page before; null for the first page
 */
export const listMessagesBetween = defineQuery(
  {
    name: "messages by time",
    // messages_by_id has the order of the heap: PostgreSQL 15 uses it for a website with most messages of a month
    indexes: [
      ...["messages_pkey", "messages_by_id", "messages_archive_pkey", "messages_archive_by_id"],
      ...["conversations_deleted", "conversations_pkey"],
    ],
    sample: ({ websiteId, lastMessageAt }) => [
      {
        websiteId,
        from: new Date(lastMessageAt.getTime() - dayMs),
        until: lastMessageAt,
        after: null,
        limit: 1000,
      },
    ],
  },
  (db: Db, p: Period): Promise<TimedMessage[]> =>
    sql<TimedMessage>`
      select m.conversation_id as "conversationId", m.seq, m.id, m.kind, m.author, m.author_id as "authorId", m.body,
        m.details, m.created_at as "createdAt", m.edited_at as "editedAt"
      from ${allLiveMessages} m
      where m.website_id = ${p.websiteId}
        and m.conversation_id >= uuid_floor(
          ${p.from}::timestamptz - make_interval(days => ${limits.conversationDays + clockDays}))
        and m.conversation_id < uuid_floor(${p.until}::timestamptz + make_interval(days => ${clockDays}))
        ${p.after ? sql`and (m.conversation_id, m.seq) > (${p.after.conversationId}, ${p.after.seq})` : none}
        and m.created_at >= ${p.from}
        and m.created_at < ${p.until}
        -- A value and not a join: for one the planner may read all conversations.
        and not coalesce((
          select ${deleted("c")} or c.is_restricted
          from conversations c
          where c.website_id = ${p.websiteId}
            and c.id = m.conversation_id), false)
      order by m.conversation_id, m.seq
      limit ${p.limit}`.rows(db),
);
