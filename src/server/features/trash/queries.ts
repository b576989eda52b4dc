import { deleted, live, ofLiveConversation } from "#database/conditions.ts";
import type { Db } from "#database/connect.ts";
import { mayGo } from "#database/lifecycle/may-go.ts";
import { undoable } from "#database/lifecycle/undoable.ts";
import { monthOf, partitionOf } from "#database/partitions/months.ts";
import { isDropped } from "#database/privacy/month-queries.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { keepIndexerOut } from "#database/search/index-queries.ts";
import { raw, sql } from "#database/sql.ts";
import {
  type ConversationRow,
  readConversations,
  selectConversations,
} from "#server/features/conversations/feature.ts";

type Key = { websiteId: number; conversationId: string };

const namesOf = { ...ofLiveConversation, visitors: "of a deleted conversation" };
const inTrash = { ...namesOf, conversations: "the trash holds deleted ones" };
const names = ["visitors_pkey", "memberships_pkey"];

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

/** Conversations, deleted or not. */
export const listAny = defineQuery(
  {
    name: "conversations, deleted or not",
    indexes: ["conversations_pkey", ...names],
    buffers: 16,
    includesDeleted: namesOf,
    sample: ({ websiteId, conversationId }) => [{ websiteId, ids: [conversationId] }],
  },
  async (tx: Db, { websiteId, ids }: { websiteId: number; ids: string[] }): Promise<ConversationRow[]> =>
    readConversations(ids.map(conversationId => ({ websiteId, conversationId }))).rows(tx),
);

/** When something went for good; null: the audit log does not say. */
export const findPurge = defineQuery(
  {
    name: "when something went for good",
    indexes: ["audit_log_by_action"],
    sample: ({ websiteId, conversationId }) => [{ websiteId, action: "conversation.purged", id: conversationId }],
  },
  async (tx: Db, p: { websiteId: number; action: string; id: string }): Promise<Date | null> => {
    const rows = await sql<{ at: Date }>`
      select at
      from audit_log
      where website_id = ${p.websiteId}
        and action = ${p.action}
        and target_id = ${p.id}
      order by id desc
      limit 1`.rows(tx);
    return rows[0]?.at ?? null;
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

/** Locks a conversation whose time in the trash is over. @returns its visitor's id; null if it was brought back meanwhile, or a legal hold keeps it. */
export const lockExpired = defineQuery(
  {
    name: "a conversation whose undo has ended",
    indexes: ["conversations_pkey", "conversations_deleted", "holds_pkey"],
    buffers: 12,
    sample: key => [key],
  },
  async (tx: Db, p: Key): Promise<string | null> => {
    const rows = await sql<{ visitorId: string }>`
      select c.visitor_id as "visitorId"
      from conversations c
      where c.website_id = ${p.websiteId}
        and c.id = ${p.conversationId}
        and c.deleted_at <= ${undoable}
      for update`.rows(tx);
    // After the lock: who places a hold locks the conversation too.
    const free = await sql`
      select c.id
      from conversations c
      where c.website_id = ${p.websiteId}
        and c.id = ${p.conversationId}
        and ${deleted("c")}
        ${mayGo.conversation("c")}`.rows(tx);
    return free.length === 1 ? (rows[0]?.visitorId ?? null) : null;
  },
);

/**
 * Removes the rows of a locked conversation for good. Its month may have been dropped: then its messages are gone already.
 * @returns how many messages it had
 */
export const purgeConversation = defineQuery(
  {
    name: "the end of a conversation",
    indexes: [
      ...["conversations_pkey", "conversation_tags_pkey", "messages_pkey"],
      ...["message_months_pkey", "message_search_pkey"],
    ],
    includesDeleted: { conversations: inTrash.conversations, messages: "all of a conversation go" },
    sample: key => [key],
  },
  async (tx: Db, p: Key): Promise<number> => {
    const ofConversation = sql`website_id = ${p.websiteId} and conversation_id = ${p.conversationId}`;
    await keepIndexerOut(tx);
    await sql`delete from message_search where ${ofConversation}`.rows(tx);
    const messages = (await isDropped(tx, monthOf(p.conversationId)))
      ? []
      : await sql`delete from ${raw(partitionOf(p.conversationId))} where ${ofConversation} returning seq`.rows(tx);
    await sql`delete from conversation_tags where ${ofConversation}`.rows(tx);
    await sql`delete from conversations where website_id = ${p.websiteId} and id = ${p.conversationId}`.rows(tx);
    return messages.length;
  },
);

/** Removes a visitor whose time in the trash is over, after their conversations. @returns false if they were brought back */
export const deleteExpiredVisitor = defineQuery(
  {
    name: "the end of a visitor",
    indexes: ["visitors_pkey", "visitors_deleted", "holds_pkey"],
    buffers: 40,
    sample: key => [key],
  },
  async (tx: Db, p: { websiteId: number; visitorId: string }): Promise<Date | null> => {
    await sql`
      select from visitors v where v.website_id = ${p.websiteId} and v.id = ${p.visitorId} and ${deleted("v")} for update`.rows(
      tx,
    );
    const rows = await sql<{ deletedAt: Date }>`
      delete from visitors v
      where v.website_id = ${p.websiteId}
        and v.id = ${p.visitorId}
        and v.deleted_at <= ${undoable}
        ${mayGo.visitor("v")}
      returning v.deleted_at as "deletedAt"`.rows(tx);
    return rows[0]?.deletedAt ?? null;
  },
);

/** What an id names, in the trash or gone from it for good; null: nothing known. */
export const findKind = defineQuery(
  {
    name: "the kind of something deleted",
    indexes: [
      "conversations_pkey",
      "conversations_deleted",
      "visitors_pkey",
      "visitors_deleted",
      "audit_log_by_action",
    ],
    sample: ({ websiteId, visitorId }) => [{ websiteId, id: visitorId }],
  },
  async (tx: Db, { websiteId, id }: { websiteId: number; id: string }): Promise<"conversation" | "visitor" | null> => {
    const [row] = await sql<{ kind: "conversation" | "visitor" | null }>`
      select coalesce(
        (select 'conversation' from conversations c
         where c.website_id = ${websiteId} and c.id = ${id} and ${deleted("c")}),
        (select 'visitor' from visitors v
         where v.website_id = ${websiteId} and v.id = ${id} and ${deleted("v")}),
        (select l.target_kind from audit_log l
         where l.website_id = ${websiteId} and l.action in ('conversation.purged', 'visitor.purged') and l.target_id = ${id}
         limit 1)) as kind`.rows(tx);
    return row!.kind;
  },
);

/** A deleted message that still has its text, by its id alone: for the command line. */
export const findDeletedMessage = defineQuery(
  {
    name: "a deleted message by its id",
    indexes: [...["messages_deleted", "messages_by_id"], ...["messages_archive_deleted", "messages_archive_by_id"]],
    sample: ({ websiteId, visitorId }) => [{ websiteId, id: visitorId }],
  },
  async (tx: Db, { websiteId, id }: { websiteId: number; id: string }) => {
    const within = (table: "messages" | "messages_archive") => sql`
      select m.website_id as "websiteId", m.conversation_id as "conversationId", m.id
      from ${raw(table)} m
      where m.website_id = ${websiteId}
        and ${deleted("m")}
        and m.body <> ''
        and m.conversation_id < uuid_floor(now() + interval '1 day')
        and m.id = ${id}`;
    const rows = await sql<{ websiteId: number; conversationId: string; id: string }>`
      ${within("messages")} union all ${within("messages_archive")}`.rows(tx);
    return rows[0] ?? null;
  },
);
