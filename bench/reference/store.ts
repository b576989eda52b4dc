import type pg from "pg";
import type { Message, Person } from "./events.ts";

/** The reference's SQL as node-postgres documents it: parametrised queries, a transaction on a client of the pool. */

export async function findConversation(pool: pg.Pool, { websiteId, id }: Person): Promise<string | undefined> {
  const { rows } = await pool.query<{ id: string }>(
    "select id from conversations where website_id = $1 and visitor_id = $2",
    [websiteId, id],
  );
  return rows[0]?.id;
}

export async function beginConversation(pool: pg.Pool, { websiteId, id }: Person): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    `insert into conversations (website_id, visitor_id)
     values ($1, $2)
     on conflict (website_id, visitor_id) do update set status = 'open'
     returning id`,
    [websiteId, id],
  );
  return rows[0]!.id;
}

/**
 * Stores a message, moves its conversation to the top of the list and counts for the badge, in one transaction.
 * @throws Error when the website has no such conversation
 */
export async function storeMessage(
  pool: pg.Pool,
  { websiteId, role, id }: Person,
  { conversationId, content }: { conversationId: string; content: string },
): Promise<{ message: Message; unread: number }> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const inserted = await client.query<{ id: string; created_at: Date }>(
      `insert into messages (conversation_id, sender_type, sender_id, content)
       values ($1, $2, $3, $4)
       returning id, created_at`,
      [conversationId, role, id, content],
    );
    const { id: messageId, created_at: createdAt } = inserted.rows[0]!;
    const updated = await client.query(
      `update conversations
       set last_message = $3, last_message_at = $4, status = 'open'
       where id = $1 and website_id = $2`,
      [conversationId, websiteId, content, createdAt],
    );
    if (updated.rowCount === 0) throw new Error("no such conversation");
    const unread = await countUnread(client, conversationId);
    await client.query("commit");
    const message = { id: messageId, conversationId, senderType: role, senderId: id, content };
    return { message: { ...message, createdAt: createdAt.toISOString() }, unread };
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}

async function countUnread(client: pg.ClientBase, conversationId: string): Promise<number> {
  const { rows } = await client.query<{ count: string }>(
    "select count(*) from messages where conversation_id = $1 and sender_type = 'visitor' and not is_read",
    [conversationId],
  );
  return Number(rows[0]!.count);
}

/** Marks the other side's messages as read. */
export const markRead = (pool: pg.Pool, { websiteId, role }: Person, conversationId: string) =>
  pool.query(
    `update messages m
     set is_read = true
     from conversations c
     where c.id = $1 and c.website_id = $2 and m.conversation_id = c.id and m.sender_type = $3 and not m.is_read`,
    [conversationId, websiteId, role === "agent" ? "visitor" : "agent"],
  );

export const resolve = (pool: pg.Pool, { websiteId }: Person, conversationId: string) =>
  pool.query("update conversations set status = 'resolved' where id = $1 and website_id = $2", [
    conversationId,
    websiteId,
  ]);
