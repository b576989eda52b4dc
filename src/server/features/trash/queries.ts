import { deleted, live, ofLiveConversation } from "#database/conditions.ts";
import type { Db } from "#database/connect.ts";
import { partitionOf } from "#database/partitions/months.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { none, raw, type Sql, sql } from "#database/sql.ts";
import { PlaceInTime } from "#protocol/basics.ts";
import { AppError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { type ConversationRow, selectConversations } from "#server/features/conversations/feature.ts";

type Key = { websiteId: number; conversationId: string };

const namesOf = { ...ofLiveConversation, visitors: "of a deleted conversation" };
const inTrash = { ...namesOf, conversations: "the trash holds deleted ones" };
const names = ["visitors_pkey", "memberships_pkey"];

/** The oldest moment of a deletion that can still be undone. */
const undoable = sql`now() - make_interval(days => ${limits.undoDays})`;

/** Deletes a locked conversation. In whole milliseconds, as the cursor of the trash. */
export const markDeleted = defineQuery(
  {
    name: "a deletion of a conversation",
    indexes: ["conversations_pkey"],
    buffers: 60,
    includesDeleted: { conversations: "lockConversation found the row live" },
    sample: ({ agentId, ...key }) => [{ ...key, by: agentId, reason: "" }],
  },
  (tx: Db, p: Key & { by: string; reason: string }) =>
    sql`
      update conversations
      set deleted_at = now()::timestamptz(3), deleted_by = ${p.by}, deletion_reason = ${p.reason}, version = version + 1
      where website_id = ${p.websiteId}
        and id = ${p.conversationId}`.rows(tx),
);

/**
 * Brings a conversation back. `changed_at` puts it into the next heartbeats. @returns false if it is not in the trash, or was
 * deleted too long ago
 */
export const unmarkDeleted = defineQuery(
  {
    name: "a conversation brought back",
    indexes: ["conversations_pkey", "conversations_deleted"],
    buffers: 60,
    sample: key => [key],
  },
  async (tx: Db, p: Key): Promise<boolean> => {
    const rows = await sql`
      update conversations c
      set deleted_at = null, deleted_by = null, deletion_reason = '', version = version + 1, changed_at = now()
      where c.website_id = ${p.websiteId}
        and c.id = ${p.conversationId}
        and ${deleted("c")}
        and c.deleted_at > ${undoable}
      returning c.id`.rows(tx);
    return rows.length === 1;
  },
);

/** A conversation, deleted or not. */
export const findAny = defineQuery(
  {
    name: "a conversation, deleted or not",
    indexes: ["conversations_pkey", ...names],
    buffers: 16,
    includesDeleted: inTrash,
    sample: key => [key],
  },
  async (tx: Db, { websiteId, conversationId }: Key): Promise<ConversationRow | null> => {
    const rows = await selectConversations(sql`c.website_id = ${websiteId} and c.id = ${conversationId}`).rows(tx);
    return rows[0] ?? null;
  },
);

/**
 * A thread is made of the visitor's conversations that are not deleted, in the order of their ids: links the given one, and
 * the one after it, to the one before. @returns the ids of those whose link changed
 */
export const relinkThread = defineQuery(
  {
    name: "the thread around a conversation",
    indexes: ["conversations_by_visitor", "conversations_pkey"],
    buffers: 80,
    includesDeleted: { conversations: "the given one may be deleted; of the others the live ones are linked" },
    sample: ({ websiteId, visitorId, conversationId }) => [{ websiteId, visitorId, conversationId }],
  },
  async (tx: Db, p: Key & { visitorId: string }): Promise<string[]> => {
    const ofVisitor = (alias: string) => sql`
      ${raw(alias)}.website_id = ${p.websiteId} and ${raw(alias)}.visitor_id = ${p.visitorId} and ${live(alias)}`;
    const rows = await sql<{ id: string }>`
      update conversations c
      set continues_id = k.before, version = c.version + 1
      from (
        select t.id, (
          select b.id from conversations b where ${ofVisitor("b")} and b.id < t.id order by b.id desc limit 1) as before
        from (
          select n.id from conversations n where ${ofVisitor("n")} and n.id >= ${p.conversationId} order by n.id limit 2) t
      ) k
      where c.website_id = ${p.websiteId}
        and c.id = k.id
        and c.continues_id is distinct from k.before
      returning c.id`.rows(tx);
    return rows.map(({ id }) => id);
  },
);

export type TrashRow = {
  conversationId: string;
  visitorId: string;
  visitorName: string | null;
  visitorEmail: string | null;
  preview: string;
  previewAuthor: ConversationRow["previewAuthor"];
  deletedAt: Date;
  deletedBy: string | null;
  deletedByName: string | null;
  reason: string;
};

/** A page of the conversations that can be brought back, the last deletion first. @throws AppError "invalid_cursor" */
export const listTrash = defineQuery(
  {
    name: "trash of a website",
    indexes: ["conversations_deleted", ...names],
    buffers: 500,
    includesDeleted: namesOf,
    sample: ({ websiteId }) => [{ websiteId, cursor: null, limit: limits.pageSize }],
  },
  async (db: Db, p: { websiteId: number; cursor: string | null; limit: number }) => {
    const rows = await sql<TrashRow>`
      select c.id as "conversationId", c.visitor_id as "visitorId", v.name as "visitorName", v.email as "visitorEmail",
        c.preview, c.preview_author as "previewAuthor", c.deleted_at as "deletedAt", c.deleted_by as "deletedBy",
        a.name as "deletedByName", c.deletion_reason as reason
      from (
        select *
        from conversations c
        where c.website_id = ${p.websiteId}
          and c.deleted_at > ${undoable}
          ${p.cursor ? before(p.cursor) : none}
        order by c.deleted_at desc, c.id desc
        limit ${p.limit + 1}) c
      join visitors v on v.website_id = c.website_id and v.id = c.visitor_id
      left join memberships a on a.website_id = c.website_id and a.user_id = c.deleted_by
      order by c.deleted_at desc, c.id desc`.rows(db);
    const page = rows.slice(0, p.limit);
    return { rows: page, nextCursor: rows.length > p.limit ? cursorOf(page.at(-1)!) : null };
  },
);

const cursorOf = ({ deletedAt, conversationId }: TrashRow) => `${deletedAt.toISOString()}_${conversationId}`;

function before(cursor: string): Sql {
  const { data } = PlaceInTime.safeParse(cursor.split("_"));
  if (!data) {
    throw new AppError("invalid_cursor", "The cursor is not from a page of the trash. Start at the first page.");
  }
  const [at, id] = data;
  return sql`and (c.deleted_at, c.id) < (${at}, ${id})`;
}

/** Locks a conversation whose time in the trash is over; false if it was brought back meanwhile. */
export const lockExpired = defineQuery(
  {
    name: "a conversation whose undo has ended",
    indexes: ["conversations_pkey", "conversations_deleted"],
    buffers: 8,
    sample: key => [key],
  },
  async (tx: Db, p: Key): Promise<boolean> => {
    const rows = await sql`
      select c.id
      from conversations c
      where c.website_id = ${p.websiteId}
        and c.id = ${p.conversationId}
        and c.deleted_at <= ${undoable}
      for update`.rows(tx);
    return rows.length === 1;
  },
);

/** Removes the rows of a locked conversation for good. @returns how many messages it had */
export const purgeConversation = defineQuery(
  {
    name: "the end of a conversation",
    indexes: ["conversations_pkey", "conversation_tags_pkey", "messages_pkey"],
    includesDeleted: { conversations: inTrash.conversations, messages: "all of a conversation go" },
    sample: key => [key],
  },
  async (tx: Db, p: Key): Promise<number> => {
    const ofConversation = sql`website_id = ${p.websiteId} and conversation_id = ${p.conversationId}`;
    const messages = await sql`
      delete from ${raw(partitionOf(p.conversationId))} where ${ofConversation} returning seq`.rows(tx);
    await sql`delete from conversation_tags where ${ofConversation}`.rows(tx);
    await sql`delete from conversations where website_id = ${p.websiteId} and id = ${p.conversationId}`.rows(tx);
    return messages.length;
  },
);
