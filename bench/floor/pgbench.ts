import { existsSync } from "node:fs";
import pg from "pg";
import { expectNoGap } from "#bench/no-gap.ts";
import { sendPlainly } from "./plain-sends.ts";
import { pgbenchPath, sendByPgbench } from "./run-pgbench.ts";
import { makeTargets, type Send, type Targets } from "./targets.ts";

export type Floor = {
  /** what sent: pgbench, or plain `pg` where pgbench is missing */
  by: "pgbench" | "pg";
  messagesPerSecond: number;
  p99Ms: number;
};

const clients = 16;
const conversations = 4_000;
const warmUpSeconds = 2;
const body = "Where is my order 4711? It was due today.";

/**
 * What PostgreSQL does without batches and without anything around it: one send a transaction, 16 clients.
 * @param url  a migrated database of PostgreSQL 18; its conversations are the measurement's own
 * @throws Error when what is stored is not what was sent
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

async function expectStored(client: pg.Client, { websiteId }: Targets, messages: number): Promise<void> {
  await expectNoGap(client);
  const { rows } = await client.query("select count(*)::integer as count from messages where website_id = $1", [
    websiteId,
  ]);
  if (rows[0].count !== messages) throw new Error(`${messages} messages were sent, but ${rows[0].count} are stored`);
}
