import type pg from "pg";
import type { Draft } from "#server/features/messages/write.ts";

/** As most programs do it: lock, number, update, insert, commit, each waiting for the answer before. */
export async function sendAlone(pool: pg.Pool, draft: Draft): Promise<void> {
  const client = await pool.connect();
  const key = [draft.websiteId, draft.conversationId];
  await client.query("begin");
  const { rows } = await client.query({
    name: "number",
    text: `
      update conversations
      set last_seq = last_seq + 1, last_public_seq = last_seq + 1, preview = left($3, 200), version = version + 1,
        last_message_at = now(), agent_unread = agent_unread + 1, waiting_since = coalesce(waiting_since, now())
      where website_id = $1 and id = $2
      returning last_seq`,
    values: [...key, draft.body],
  });
  await client.query({
    name: "insert",
    text: `
      insert into messages (website_id, conversation_id, seq, id, kind, body, author)
      values ($1, $2, $3, $4, 'text', $5, 'visitor')`,
    values: [...key, rows[0].last_seq, draft.id, draft.body],
  });
  await client.query("commit");
  client.release();
}
