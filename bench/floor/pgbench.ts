import { existsSync } from "node:fs";
import pg from "pg";
import { sendPlainly } from "./plain-sends.ts";
import { pgbenchPath, sendByPgbench } from "./run-pgbench.ts";
import { makeTargets, type Send, type Targets } from "./targets.ts";

export type Floor = {
  /** the sender: pgbench, or plain `pg` if pgbench is missing */
  by: "pgbench" | "pg";
  messagesPerSecond: number;
  p99Ms: number;
};

const clients = 16;
const conversations = 4_000;
const warmUpSeconds = 2;
const body = "Where is my order 4711? It was due today.";

/**
 * Measures PostgreSQL without batches and without a server: one send per transaction, 16 clients.
 * @param url  a migrated database of PostgreSQL 18 without conversations
 * @throws Error if other messages are stored than were sent
 */
export function measureFloor(url: string, { seconds }: { seconds: number }): Promise<Floor> {
  if (existsSync(pgbenchPath)) return measure(url, "pgbench", sendByPgbench, seconds);
  console.error(
    `There is no ${pgbenchPath} (apt-get install postgresql-15): plain pg sends in its place, which is slower.`,
  );
  return measure(url, "pg", sendPlainly, seconds);
}

export async function measure(url: string, by: Floor["by"], send: Send, seconds: number): Promise<Floor> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const targets = await makeTargets(client, conversations);
    const common = { targets, clients, body };
    const warmUp = await send(url, { ...common, seconds: warmUpSeconds });
    const sent = await send(url, { ...common, seconds });
    await expectStored(client, targets, warmUp.messages + sent.messages);
    return { by, messagesPerSecond: Math.round(sent.messagesPerSecond), p99Ms: sent.p99Ms };
  } finally {
    await client.end();
  }
}

/** A way that loses or misnumbers a message does not count as fast. */
async function expectStored(client: pg.Client, { websiteId }: Targets, messages: number): Promise<void> {
  const { rows } = await client.query<{ stored: number; withGap: string | null }>(
    `select sum(stored)::integer as stored, min(id::text) filter (where (stored, newest) <> (last_seq, last_seq)) as "withGap"
     from (
       select c.id, c.last_seq, count(m.seq)::integer as stored, coalesce(max(m.seq), 0) as newest
       from conversations c
       left join messages m on m.website_id = c.website_id and m.conversation_id = c.id
       where c.website_id = $1
       group by c.website_id, c.id
     ) as conversation`,
    [websiteId],
  );
  const { stored, withGap } = rows[0]!;
  if (withGap) throw new Error(`the numbers of the conversation ${withGap} have a gap`);
  if (stored !== messages) throw new Error(`${messages} messages were sent, but ${stored} are stored`);
}
