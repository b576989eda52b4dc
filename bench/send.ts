import { availableParallelism } from "node:os";
import { Command } from "commander";
import pg from "pg";
import { newId } from "#client/ids.ts";
import { migrate } from "#database/migrations/migrate.ts";
import { populate } from "#lab/clusters/population.ts";
import { startScratchCluster } from "#lab/clusters/scratch-cluster.ts";
import { readCpuSeconds } from "#lab/load/cpu.ts";
import { createBatcher } from "#platform/batcher.ts";
import { type Draft, writeBatch } from "#server/features/messages/write.ts";
import { expectNoGap } from "./no-gap.ts";
import { sendAlone } from "./send-alone.ts";

type Load = { seconds: number; rounds: number; senders: number; batch: number[]; lanes: number };

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
    .option(
      "--batch <n...>",
      "most messages of a batch; each is measured",
      (n, all: number[]) => [...all, Number(n)],
      [],
    )
    .option("--lanes <n>", "batches on their way at once", Number, 2)
    .option("--json", "report as JSON")
    .action(async ({ json, ...asked }: Load & { json?: true }) => {
      const cluster = await startScratchCluster("18", { fsync: "on", full_page_writes: "on" });
      try {
        await migrate(cluster.url, { log: silent });
        const report = await compare(cluster.url, asked.batch.length > 0 ? asked : { ...asked, batch: [200] });
        console.log(json ? JSON.stringify(report) : table(report, asked));
      } finally {
        await cluster.stop();
      }
    });
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

type Way = { name: string; send: (draft: Draft) => Promise<unknown> };
type Round = { rate: number; times: number[]; nodeMicros: number; postgresMicros: number };
type Figures = {
  way: string;
  messagesPerSecond: number[];
  median: number;
  p50Ms: number;
  p99Ms: number;
  /** microseconds of processor time a message, this program's own among Node's */
  nodeMicros: number;
  postgresMicros: number;
};

async function compare(url: string, asked: Load): Promise<Figures[]> {
  const client = new pg.Client(url);
  await client.connect();
  await populate(client, { websites: 4, conversations: 4_000, messagesEach: 10 });
  const { rows: targets } = await client.query(
    `select website_id as "websiteId", id as "conversationId", visitor_id as "authorId" from conversations`,
  );
  const pool = new pg.Pool({ connectionString: url, max: 16 });
  const pipelines = new pg.Pool({ connectionString: url, max: asked.lanes, pipeline: true });
  const { lanes } = asked;
  const ways: Way[] = [
    { name: "one transaction a send, 16 connections", send: draft => sendAlone(pool, draft) },
    ...asked.batch.map(mostItems => ({
      name: `batches of at most ${mostItems}, ${lanes} pipelined`,
      send: createBatcher((drafts: Draft[]) => writeBatch(pipelines, drafts), { lanes, mostItems }),
    })),
  ];
  const rounds: Round[][] = ways.map(() => []);
  for (let round = 0; round < asked.rounds; round++) {
    for (const [i, way] of ways.entries()) {
      await client.query("vacuum conversations"); // no way inherits the dead rows of another
      rounds[i]!.push(await measure(client, way, targets, asked));
    }
  }
  await expectNoGap(client);
  await Promise.all([client.end(), pool.end(), pipelines.end()]);
  return ways.map(({ name }, i) => sumUp(name, rounds[i]!));
}

async function measure(client: pg.Client, { send }: Way, targets: object[], asked: Load): Promise<Round> {
  const before = await readCpuSeconds(client);
  const begun = performance.now();
  const times = await load(send, targets, asked);
  const seconds = (performance.now() - begun) / 1000;
  const after = await readCpuSeconds(client);
  const micros = (used: number) => (used / times.length) * 1e6;
  return {
    rate: times.length / seconds,
    times,
    nodeMicros: micros(after.node - before.node),
    postgresMicros: micros(after.postgres - before.postgres),
  };
}

/** So many senders, each sending its next message when the last is committed, to conversations in turn. */
async function load(send: Way["send"], targets: object[], { seconds, senders }: Load): Promise<number[]> {
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
  return times;
}

function sumUp(way: string, rounds: Round[]): Figures {
  const rates = rounds.map(({ rate }) => Math.round(rate));
  const times = rounds.flatMap(round => round.times);
  return {
    way,
    messagesPerSecond: rates,
    median: at(rates, 0.5),
    p50Ms: at(times, 0.5),
    p99Ms: at(times, 0.99),
    nodeMicros: at(
      rounds.map(({ nodeMicros }) => nodeMicros),
      0.5,
    ),
    postgresMicros: at(
      rounds.map(({ postgresMicros }) => postgresMicros),
      0.5,
    ),
  };
}

function at(numbers: number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.floor((sorted.length - 1) * share)]! * 100) / 100;
}

function table(report: Figures[], { seconds, rounds, senders }: Load): string {
  return [
    `${senders} senders, ${rounds} rounds of ${seconds} s each in turn, ${availableParallelism()} cores, PostgreSQL 18, fsync on`,
    ...report.map(
      ({ way, median, messagesPerSecond, p50Ms, p99Ms, nodeMicros, postgresMicros }) =>
        `${way.padEnd(40)} ${String(Math.round(median)).padStart(6)} messages/s, ${(median / report[0]!.median).toFixed(2)} times` +
        `  p50 ${p50Ms} ms  p99 ${p99Ms} ms  CPU a message: Node ${nodeMicros} µs, PostgreSQL ${postgresMicros} µs` +
        `  (${messagesPerSecond.join(" ")})`,
    ),
  ].join("\n");
}
