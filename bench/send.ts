import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import pg from "pg";
import { newId } from "#client/ids.ts";
import { createBatcher } from "#database/batcher.ts";
import { type Connection, connect } from "#database/connect.ts";
import { migrate } from "#database/migrate.ts";
import { type Draft, writeBatch } from "#server/features/messages/write.ts";
import { populate } from "#test/harness/population.ts";
import { startScratchCluster } from "#test/harness/scratch-cluster.ts";

/**
 * What committing many sends at once is worth: the product's way (batches over pipelined connections) beside one
 * transaction a send over a pool of 16, on the same database, in turns, with synchronous_commit on and fsync on.
 *
 *   node bench/send.ts [--seconds 5] [--rounds 5] [--senders 64] [--json]
 */

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "5" },
    rounds: { type: "string", default: "5" },
    senders: { type: "string", default: "64" },
    json: { type: "boolean", default: false },
  },
});
const [seconds, rounds, senders] = [values.seconds, values.rounds, values.senders].map(Number) as [
  number,
  number,
  number,
];

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const cluster = await startScratchCluster("18", { fsync: "on", full_page_writes: "on" });
try {
  await migrate(cluster.url, { log: silent });
  const report = await compare(cluster.url);
  console.log(values.json ? JSON.stringify(report) : table(report));
} finally {
  await cluster.stop();
}

type Report = { way: string; messagesPerSecond: number[]; median: number; p50Ms: number; p99Ms: number }[];

async function compare(url: string): Promise<Report> {
  const client = new pg.Client(url);
  await client.connect();
  await populate(client, { websites: 4, conversations: 4_000, messagesEach: 10 });
  const { rows: targets } = await client.query(
    `select website_id as "websiteId", id as "conversationId", visitor_id as "authorId" from conversations`,
  );
  await client.end();

  const connection = connect({ url, poolSize: 2, onError: () => undefined });
  const pool = new pg.Pool({ connectionString: url, max: 16 });
  const ways = {
    "batched, 2 pipelined connections": createBatcher((drafts: Draft[]) => writeBatch(connection.pipelines, drafts)),
    "one transaction a send, 16 connections": (draft: Draft) => sendAlone(pool, draft),
  };
  const figures = Object.keys(ways).map(way => ({ way, rates: [] as number[], times: [] as number[] }));
  for (let round = 0; round < rounds; round++) {
    for (const figure of figures) {
      const { count, times } = await load(ways[figure.way as keyof typeof ways], targets);
      figure.rates.push(Math.round(count / seconds));
      figure.times.push(...times);
    }
  }
  await close(connection, pool);
  return figures.map(({ way, rates, times }) => ({
    way,
    messagesPerSecond: rates,
    median: at(rates, 0.5),
    p50Ms: at(times, 0.5),
    p99Ms: at(times, 0.99),
  }));
}

/** As most programs do it: lock, number, update, insert, commit, each waiting for the answer before. */
async function sendAlone(pool: pg.Pool, draft: Draft): Promise<void> {
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

/** So many senders, each sending its next message when the last is committed, to conversations in turn. */
async function load(send: (draft: Draft) => Promise<unknown>, targets: Pick<Draft, "websiteId">[]) {
  const end = performance.now() + seconds * 1000;
  const times: number[] = [];
  let next = 0;
  async function sender() {
    while (performance.now() < end) {
      const target = targets[next++ % targets.length] as Draft;
      const begun = performance.now();
      await send({
        ...target,
        id: newId(),
        kind: "text",
        author: "visitor",
        body: "Where is my order 4711? It was due today.",
      });
      times.push(performance.now() - begun);
    }
  }
  await Promise.all(Array.from({ length: senders }, sender));
  return { count: times.length, times };
}

async function close(connection: Connection, pool: pg.Pool) {
  await connection.close();
  await pool.end();
}

function at(numbers: number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.floor((sorted.length - 1) * share)]! * 100) / 100;
}

function table(report: Report): string {
  const [ours, rival] = report as [Report[number], Report[number]];
  return [
    `${senders} senders, ${rounds} rounds of ${seconds} s each in turn, ${availableParallelism()} cores, PostgreSQL 18, fsync on`,
    ...report.map(
      ({ way, median, messagesPerSecond, p50Ms, p99Ms }) =>
        `${way.padEnd(40)} ${String(median).padStart(7)} messages/s (${messagesPerSecond.join(" ")})  p50 ${p50Ms} ms  p99 ${p99Ms} ms`,
    ),
    `ratio of the medians ${(ours.median / rival.median).toFixed(2)}`,
  ].join("\n");
}
