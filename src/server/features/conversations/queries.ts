import { active, live, ofLiveConversation } from "#database/conditions.ts";
import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";
import type { ConversationStatus } from "#protocol/conversations.ts";
import { type ConversationRow, selectConversations } from "./row.ts";

type Key = { websiteId: number; conversationId: string };

const newId = "00000000-0000-7000-8000-000000000000";
/** The indexes that find the names of a conversation's visitor and assignee. */
const names = ["visitors_pkey", "memberships_pkey"];

export const findConversation = defineQuery(
  {
    name: "unread of a conversation, and all else that its row says",
    indexes: ["conversations_pkey", ...names],
    buffers: 16,
    includesDeleted: ofLiveConversation,
    sample: key => [key],
  },
  async (db: Db, { websiteId, conversationId }: Key): Promise<ConversationRow | null> => {
    const one = sql`c.website_id = ${websiteId} and c.id = ${conversationId} and ${live("c")}`;
    return (await selectConversations(one).rows(db))[0] ?? null;
  },
);

/** As findConversation. No other transaction can change the row until this one ends. */
export const lockConversation = defineQuery(
  {
    name: "lock of a conversation",
    indexes: ["conversations_pkey", ...names],
    buffers: 20,
    includesDeleted: { ...ofLiveConversation, conversations: "the lock does; the read after it leaves them out" },
    sample: key => [key],
  },
  async (tx: Db, key: Key): Promise<ConversationRow | null> => {
    await sql`
      select from conversations
      where website_id = ${key.websiteId} and id = ${key.conversationId}
      for update`.rows(tx);
    return findConversation(tx, key);
  },
);

/** The newest conversation of a visitor. */
export const findCurrentConversation = defineQuery(
  {
    name: "conversations of a visitor, the newest",
    indexes: ["conversations_by_visitor", ...names],
    buffers: 20,
    includesDeleted: ofLiveConversation,
    sample: key => [key],
  },
  async (
    db: Db,
    { websiteId, visitorId }: { websiteId: number; visitorId: string },
  ): Promise<ConversationRow | null> => {
    const theirs = sql`c.website_id = ${websiteId} and c.visitor_id = ${visitorId} and ${live("c")}`;
    const newest = selectConversations(theirs, { order: sql`order by c.id desc`, limit: sql`limit 1` });
    return (await newest.rows(db))[0] ?? null;
  },
);

type NewConversation = {
  websiteId: number;
  id: string;
  visitorId: string;
  continuesId: string | null;
  assigneeId: string | null;
};

/** It has no assignee if the assignee's membership has ended: the lock waits for a removal in progress. */
export const insertConversation = defineQuery(
  {
    name: "a new conversation",
    indexes: ["memberships_pkey", "memberships_of_user", "visitors_pkey"],
    includesDeleted: { visitors: "the visitor is locked, and live" },
    buffers: 60,
    sample: ({ websiteId, visitorId, agentId }) => [
      { websiteId, id: newId, visitorId, continuesId: null, assigneeId: agentId },
    ],
  },
  async (tx: Db, p: NewConversation): Promise<void> => {
    await sql`
      with assignee as (
        select m.user_id
        from memberships m
        where m.website_id = ${p.websiteId}
          and m.user_id = ${p.assigneeId}
          and ${active("m")}
        for key share)
      insert into conversations (website_id, id, visitor_id, continues_id, assignee_id, is_restricted)
      select v.website_id, ${p.id}, v.id, ${p.continuesId}, (select user_id from assignee), v.restricted_at is not null
      from visitors v
      where v.website_id = ${p.websiteId}
        and v.id = ${p.visitorId}`.rows(tx);
  },
);

export type ConversationChange = Partial<{
  status: ConversationStatus;
  assignee_id: string | null;
  waiting_since: null;
  agent_read_seq: number;
  agent_unread: number;
  visitor_read_seq: number;
  visitor_unread: number;
  tag_ids: string[];
}>;

/** Changes a locked conversation. */
export const updateConversation = defineQuery(
  {
    name: "a change of a conversation",
    indexes: ["conversations_pkey"],
    buffers: 60,
    includesDeleted: { conversations: "lockConversation found the row live" },
    sample: key => [key, { agent_unread: 0 }],
  },
  (tx: Db, key: Key, change: ConversationChange) =>
    tx
      .updateTable("conversations")
      .set(eb => ({ ...change, version: eb("version", "+", 1) }))
      .where("website_id", "=", key.websiteId)
      .where("id", "=", key.conversationId)
      .execute(),
);

/** Removes an agent who leaves from the conversations assigned to them. */
export const unassignAll = defineQuery(
  {
    name: "conversations of an agent who leaves",
    indexes: ["conversations_inbox_assigned"],
    includesDeleted: { conversations: "a restored conversation must not be assigned to a former agent" },
    sample: ({ websiteId, agentId }) => [{ websiteId, userId: agentId }],
  },
  async (tx: Db, { websiteId, userId }: { websiteId: number; userId: string }): Promise<ConversationRow[]> => {
    const freed = await tx
      .updateTable("conversations")
      .set(eb => ({ assignee_id: null, version: eb("version", "+", 1) }))
      .where("website_id", "=", websiteId)
      .where("assignee_id", "=", userId)
      .returning("id")
      .execute();
    if (freed.length === 0) return [];
    const ids = freed.map(row => row.id);
    return selectConversations(sql`c.website_id = ${websiteId} and c.id = any(${ids}::uuid[])`).rows(tx);
  },
);

/** Of the conversations of a visitor whose name or address changes: they show it. @returns their ids */
export const raiseVersionsOf = defineQuery(
  {
    name: "new versions of the conversations of a visitor",
    indexes: ["conversations_by_visitor", "conversations_pkey"],
    sample: ({ websiteId, visitorId }) => [{ websiteId, visitorId }],
  },
  async (tx: Db, { websiteId, visitorId }: { websiteId: number; visitorId: string }): Promise<string[]> => {
    const rows = await sql<{ id: string }>`
      update conversations c
      set version = c.version + 1, changed_at = now()
      where c.website_id = ${websiteId}
        and c.visitor_id = ${visitorId}
        and ${live("c")}
      returning c.id`.rows(tx);
    return rows.map(({ id }) => id);
  },
);
