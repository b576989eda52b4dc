import { availableParallelism } from "node:os";
import { Command } from "commander";
import pg from "pg";
import { newId } from "#client/ids.ts";
import { createBatcher } from "#database/batcher.ts";
import { type Connection, connect } from "#database/connect.ts";
import { migrate } from "#database/migrate.ts";
import { type Draft, writeBatch } from "#server/features/messages/write.ts";
import { populate } from "#test/harness/population.ts";
import { startScratchCluster } from "#test/harness/scratch-cluster.ts";

type Load = { seconds: number; rounds: number; senders: number };

/**
 * What committing many sends at once is worth: the product's way (batches over pipelined connections) beside one
 * transaction a send over a pool of 16, on the same database, in turns, with synchronous_commit on and fsync on.
 */
export function sendCommand(): Command {
  return new Command("send")
    .description("messages a second and their delay: batches beside one transaction a message")
    .option("--seconds <n>", "of a round", Number, 5)
    .option("--rounds <n>", "of each way, in turns", Number, 5)
    .option("--senders <n>", "each sends its next message when the last is committed", Number, 64)
    .option("--json", "report as JSON")
    .action(async ({ json, ...asked }: Load & { json?: true }) => {
      const cluster = await startScratchCluster("18", { fsync: "on", full_page_writes: "on" });
      try {
        await migrate(cluster.url, { log: silent });
        const report = await compare(cluster.url, asked);
        console.log(json ? JSON.stringify(report) : table(report, asked));
      } finally {
        await cluster.stop();
      }
    });
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

type Report = { way: string; messagesPerSecond: number[]; median: number; p50Ms: number; p99Ms: number }[];

async function compare(url: string, asked: Load): Promise<Report> {
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
  for (let round = 0; round < asked.rounds; round++) {
    for (const figure of figures) {
      const { count, times } = await load(ways[figure.way as keyof typeof ways], targets, asked);
      figure.rates.push(Math.round(count / asked.seconds));
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
async function load(
  send: (draft: Draft) => Promise<unknown>,
  targets: Pick<Draft, "websiteId">[],
  { seconds, senders }: Load,
) {
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

function table(report: Report, { seconds, rounds, senders }: Load): string {
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
