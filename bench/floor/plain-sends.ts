import type pg from "pg";
import { newId } from "#client/ids.ts";
import { summarize } from "#lab/load/latency.ts";
import { openPool } from "#lab/sql/pool.ts";
import { idOf, type Send } from "./targets.ts";

/** The transaction of one-send.sql, prepared, over a pool of `pg`: measured if pgbench is missing. */
export const sendPlainly: Send = async (url, { targets, clients, seconds, body }) => {
  const pool = openPool({ connectionString: url, max: clients });
  const times: number[] = [];
  const begun = performance.now();
  const end = begun + seconds * 1_000;
  async function client() {
    for (let sentAt = performance.now(); sentAt < end; sentAt = performance.now()) {
      const conversationId = idOf(targets, 1 + Math.floor(Math.random() * targets.conversations));
      await send(pool, { websiteId: targets.websiteId, conversationId, body });
      times.push(performance.now() - sentAt);
    }
  }
  await Promise.all(Array.from({ length: clients }, client));
  const messagesPerSecond = (times.length / (performance.now() - begun)) * 1_000;
  await pool.end();
  return { messages: times.length, messagesPerSecond, p99Ms: summarize([Float64Array.from(times)]).p99Ms };
};

type Message = { websiteId: number; conversationId: string; body: string };

/** As most programs do it: lock, number, update, insert, commit; each waits for the previous answer. */
async function send(pool: pg.Pool, { websiteId, conversationId, body }: Message): Promise<void> {
  const client = await pool.connect();
  await client.query("begin");
  const { rows } = await client.query({
    name: "number",
    text: `
      update conversations
      set last_seq = last_seq + 1, last_public_seq = last_seq + 1, preview = left($3, 200), version = version + 1,
        last_message_at = now(), agent_unread = agent_unread + 1, may_have_unread = true,
        waiting_since = coalesce(waiting_since, now())
      where website_id = $1 and id = $2
      returning last_seq`,
    values: [websiteId, conversationId, body],
  });
  await client.query({
    name: "insert",
    text: `
      insert into messages (website_id, conversation_id, seq, id, kind, body, author)
      values ($1, $2, $3, $4, 'text', $5, 'visitor')`,
    values: [websiteId, conversationId, rows[0].last_seq, newId(), body],
  });
  await client.query("commit");
  client.release();
}
