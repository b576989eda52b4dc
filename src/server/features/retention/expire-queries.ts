import { held } from "#database/conditions.ts";
import type { Db } from "#database/connect.ts";
import { partitionOf } from "#database/partitions/months.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { keepIndexerOut } from "#database/search/index-queries.ts";
import { none, raw, sql } from "#database/sql.ts";
import { tenantTables } from "#database/tenant-tables.ts";
import { limits } from "#protocol/limits.ts";

/** Which conversations of a website go: those whose last message is older than `before`, from `fromId` on. */
export type Expiring = {
  websiteId: number;
  before: Date;
  fromId: string;
  /** not included; null: no end */
  untilId: string | null;
};

export type ExpiringConversation = { conversationId: string; rows: number };

const trash = "those in the trash go too, when their undo has ended";

/**
 * Locks the next conversations of a website that are due, in the order of their ids. Skips those that somebody writes to now.
 * A separate statement than the look for holds: placing one locks the conversation too.
 */
export const lockExpiring = defineQuery(
  {
    name: "conversations whose retention has ended",
    indexes: ["conversations_pkey"],
    sample: ({ websiteId, conversationId }) => [
      { websiteId, before: new Date(0), fromId: conversationId, untilId: null, limit: 100 },
    ],
  },
  (tx: Db, p: Expiring & { limit: number }): Promise<ExpiringConversation[]> =>
    sql<ExpiringConversation>`
      select c.id as "conversationId", c.last_seq + 1 as rows
      from conversations c
      where c.website_id = ${p.websiteId}
        and c.id >= ${p.fromId}
        and c.id < uuid_floor(${p.before})
        ${p.untilId ? sql`and c.id < ${p.untilId}` : none}
        and c.last_message_at < ${p.before}
        and coalesce(c.deleted_at, '-infinity') <= now() - make_interval(days => ${limits.undoDays})
      order by c.id
      limit ${p.limit}
      for update skip locked`.rows(tx),
);

export const countExpiring = defineQuery(
  {
    name: "how many conversations the retention would delete",
    indexes: ["conversations_pkey", "holds_pkey"],
    sample: ({ websiteId, conversationId }) => [
      { websiteId, before: new Date(0), fromId: conversationId, untilId: null },
    ],
  },
  async (db: Db, p: Expiring): Promise<number> => {
    const [row] = await sql<{ count: number }>`
      select count(*)::integer as count
      from conversations c
      where c.website_id = ${p.websiteId}
        and c.id >= ${p.fromId}
        and c.id < uuid_floor(${p.before})
        and c.last_message_at < ${p.before}
        and coalesce(c.deleted_at, '-infinity') <= now() - make_interval(days => ${limits.undoDays})
        and not ${held("c")}`.rows(db);
    return row!.count;
  },
);

type Batch = { websiteId: number; conversationIds: string[] };

/** Those of the conversations that no legal hold keeps. */
export const listFree = defineQuery(
  {
    name: "conversations that no legal hold keeps",
    indexes: ["conversations_pkey", "conversations_by_visitor", "holds_pkey"],
    includesDeleted: { conversations: trash },
    sample: ({ websiteId, conversationId }) => [{ websiteId, conversationIds: [conversationId] }],
  },
  async (tx: Db, p: Batch): Promise<string[]> => {
    const rows = await sql<{ id: string }>`
      select c.id
      from conversations c
      where c.website_id = ${p.websiteId}
        and c.id = any(${p.conversationIds})
        and not ${held("c")}
      order by c.id`.rows(tx);
    return rows.map(({ id }) => id);
  },
);

/** Hides a conversation that is too long for one batch: no reader sees half of it. It cannot be brought back. */
export const hideExpiring = defineQuery(
  {
    name: "a long conversation that the retention deletes",
    indexes: ["conversations_pkey"],
    includesDeleted: { conversations: trash },
    sample: key => [key],
  },
  (tx: Db, p: { websiteId: number; conversationId: string }) =>
    sql`
      update conversations
      set deleted_at = now() - make_interval(days => ${limits.undoDays}), version = version + 1
      where website_id = ${p.websiteId} and id = ${p.conversationId}`.rows(tx),
);

/** @returns how many; fewer than `limit`: no more are left */
export const deleteSomeMessages = defineQuery(
  {
    name: "messages of a long conversation that the retention deletes",
    indexes: ["messages_pkey"],
    includesDeleted: { messages: "all of a conversation go" },
    sample: key => [{ ...key, limit: 10 }],
  },
  async (tx: Db, p: { websiteId: number; conversationId: string; limit: number }): Promise<number> => {
    const table = raw(partitionOf(p.conversationId));
    const ofConversation = sql`website_id = ${p.websiteId} and conversation_id = ${p.conversationId}`;
    const rows = await sql`
      delete from ${table}
      where ${ofConversation}
        and seq in (select seq from ${table} where ${ofConversation} order by seq limit ${p.limit})
      returning seq`.rows(tx);
    return rows.length;
  },
);

/** The tables whose rows go with their conversation, without those of messages. */
const ofConversation = Object.entries(tenantTables)
  .filter(([name, { of }]) => of === "conversation" && !/^messages/.test(name))
  .map(([name]) => name);

/**
 * Removes locked conversations of one month for good, with all that is theirs.
 * @param p.hasMessages  false: the month's table is dropped
 * @returns how many messages
 */
export const deleteConversations = defineQuery(
  {
    name: "the end of conversations by the retention",
    indexes: [
      ...["conversations_pkey", "conversations_by_visitor", "messages_pkey"],
      ...["conversation_tags_pkey", "conversation_tags_by_tag", "message_search_pkey"],
    ],
    includesDeleted: { conversations: trash, messages: "all of a conversation go" },
    sample: ({ websiteId, conversationId }) => [{ websiteId, conversationIds: [conversationId], hasMessages: true }],
  },
  async (tx: Db, { websiteId, conversationIds, hasMessages }: Batch & { hasMessages: boolean }): Promise<number> => {
    const theirs = sql`website_id = ${websiteId} and conversation_id = any(${conversationIds})`;
    await keepIndexerOut(tx);
    const messages = hasMessages
      ? await sql`delete from ${raw(partitionOf(conversationIds[0]!))} where ${theirs} returning seq`.rows(tx)
      : [];
    for (const table of ofConversation) await sql`delete from ${raw(table)} where ${theirs}`.rows(tx);
    // The conversation after it begins the visitor's thread from now on.
    await sql`
      update conversations n
      set continues_id = null, version = n.version + 1
      from conversations c
      where c.website_id = ${websiteId}
        and c.id = any(${conversationIds})
        and n.website_id = c.website_id
        and n.visitor_id = c.visitor_id
        and n.continues_id = c.id`.rows(tx);
    await sql`delete from conversations where website_id = ${websiteId} and id = any(${conversationIds})`.rows(tx);
    return messages.length;
  },
);
