import { CompiledQuery, sql } from "kysely";
import type { Db } from "#database/connect.ts";
import { partitionOf } from "#database/partitions/months.ts";
import type { ConversationStatus } from "#protocol/conversations.ts";
import type { EventDetails } from "#protocol/messages.ts";
import { type ConversationRow, conversationColumns, conversationJoins } from "./row.ts";

type Key = { websiteId: number; conversationId: string };

/**
 * The conversations c of a `where` (values as $1 …), with their names. The rows are chosen before the names are joined:
 * else the planner may read all visitors to name a page of them.
 */
export async function selectConversations(
  db: Db,
  { where, values, order = "", limit = "" }: { where: string; values: unknown[]; order?: string; limit?: string },
): Promise<ConversationRow[]> {
  const text = `
    select ${conversationColumns}
    from (select c.* from conversations c where ${where} ${order} ${limit}) c
    ${conversationJoins}
    ${order}`;
  return (await db.executeQuery<ConversationRow>(CompiledQuery.raw(text, values))).rows;
}

export async function findConversation(db: Db, { websiteId, conversationId }: Key): Promise<ConversationRow | null> {
  const rows = await selectConversations(db, {
    where: "c.website_id = $1 and c.id = $2 and c.deleted_at is null",
    values: [websiteId, conversationId],
  });
  return rows[0] ?? null;
}

/** As findConversation, and nobody else changes it until the transaction ends. */
export async function lockConversation(tx: Db, key: Key): Promise<ConversationRow | null> {
  await sql`
    select from conversations
    where website_id = ${key.websiteId} and id = ${key.conversationId}
    for update`.execute(tx);
  return findConversation(tx, key);
}

/** The newest conversation of a visitor's thread. */
export async function findCurrentConversation(
  db: Db,
  { websiteId, visitorId }: { websiteId: number; visitorId: string },
): Promise<ConversationRow | null> {
  const rows = await selectConversations(db, {
    where: "c.website_id = $1 and c.visitor_id = $2 and c.deleted_at is null",
    values: [websiteId, visitorId],
    order: "order by c.id desc",
    limit: "limit 1",
  });
  return rows[0] ?? null;
}

export const insertConversation = (
  tx: Db,
  p: { websiteId: number; id: string; visitorId: string; continuesId: string | null; assigneeId: string | null },
) =>
  tx
    .insertInto("conversations")
    .values({
      website_id: p.websiteId,
      id: p.id,
      visitor_id: p.visitorId,
      continues_id: p.continuesId,
      assignee_id: p.assigneeId,
    })
    .execute();

export type ConversationChange = Partial<{
  status: ConversationStatus;
  assignee_id: string | null;
  waiting_since: null;
  agent_read_seq: number;
  agent_unread: number;
  visitor_read_seq: number;
  visitor_unread: number;
}>;

/** Of a locked conversation. */
export const updateConversation = (tx: Db, key: Key, change: ConversationChange) =>
  tx
    .updateTable("conversations")
    .set({ ...change, version: sql`version + 1` })
    .where("website_id", "=", key.websiteId)
    .where("id", "=", key.conversationId)
    .execute();

/** Puts an event into a locked conversation, as the message after its last; returns when. */
export async function insertEvent(
  tx: Db,
  p: Key & { seq: number; id: string; authorId: string; details: EventDetails },
): Promise<Date> {
  const { created_at } = await tx
    .insertInto("messages")
    .values({
      website_id: p.websiteId,
      conversation_id: p.conversationId,
      seq: p.seq,
      id: p.id,
      kind: "event",
      author: "agent",
      author_id: p.authorId,
      body: "",
      details: JSON.stringify(p.details),
    })
    .returning("created_at")
    .executeTakeFirstOrThrow();
  await tx
    .updateTable("conversations")
    .set({ last_seq: p.seq, last_message_at: sql`now()` })
    .where("website_id", "=", p.websiteId)
    .where("id", "=", p.conversationId)
    .execute();
  return created_at;
}

/** How many messages of one side follow `seq`: a short range of the primary key. */
export async function countAfter(
  db: Db,
  { websiteId, conversationId, seq, author }: Key & { seq: number; author: "agent" | "visitor" },
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count
    from ${sql.table(partitionOf(conversationId))}
    where website_id = ${websiteId}
      and conversation_id = ${conversationId}
      and seq > ${seq}
      and author = ${author}
      and kind in ('text', 'file')
      and deleted_at is null`.execute(db);
  return rows[0]!.count;
}

/** Frees the conversations of a member who leaves. */
export async function unassignAll(
  tx: Db,
  { websiteId, userId }: { websiteId: number; userId: string },
): Promise<ConversationRow[]> {
  const rows = await tx
    .updateTable("conversations")
    .set({ assignee_id: null, version: sql`version + 1` })
    .where("website_id", "=", websiteId)
    .where("assignee_id", "=", userId)
    .returning("id")
    .execute();
  if (rows.length === 0) return [];
  return selectConversations(tx, {
    where: "c.website_id = $1 and c.id = any($2::uuid[])",
    values: [websiteId, rows.map(row => row.id)],
  });
}
