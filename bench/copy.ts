import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { Command } from "commander";
import pg from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { migrate } from "#database/migrations/migrate.ts";
import { startScratchCluster } from "#lab/clusters/scratch-cluster.ts";
import { generate } from "#sample-data/generate.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const formats = ["text", "binary"] as const;
const chunkBytes = 256 * 1024;

/** Two months of generated messages as PostgreSQL itself writes them out. */
type Month = { partition: string; rows: number; content: Record<(typeof formats)[number], Buffer> };

/** How the generator should write: the same rows, all indexes in place, copied back in each way in turns. */
export const copyCommand = () =>
  new Command("copy")
    .description("COPY of messages: text and binary, one connection and two, the table and its partition")
    .option("--messages <n>", "messages", "1000000")
    .option("--rounds <n>", "rounds of each way", "5")
    .action(async ({ messages, rounds }: Record<"messages" | "rounds", string>) => {
      const cluster = await startScratchCluster("18", {
        fsync: "on",
        full_page_writes: "on",
        shared_buffers: "512MB",
        max_wal_size: "4GB", // no checkpoint in the midst of one way
      });
      const clients = [new pg.Client(cluster.url), new pg.Client(cluster.url)] as const;
      try {
        await migrate(cluster.url, { log: silent });
        await generate(cluster.url, { messages: Number(messages), months: 2, until: new Date("2026-03-16T00:00:00Z") });
        for (const client of clients) await client.connect();
        await compare(clients, Number(rounds));
      } finally {
        for (const client of clients) await client.end();
        await cluster.stop();
      }
    });

async function compare(clients: readonly [pg.Client, pg.Client], rounds: number): Promise<void> {
  const months = await readMonths(clients[0]);
  const rows = months.reduce((sum, month) => sum + month.rows, 0);
  const ways = formats.flatMap(format =>
    [1, 2].flatMap(connections =>
      ["table", "partition"].map(into => ({ format, connections, into, rates: [] as number[] })),
    ),
  );
  for (let round = 0; round < rounds; round++)
    for (const way of ways) {
      await clients[0].query("truncate messages");
      await clients[0].query("checkpoint");
      const startedMs = performance.now();
      const lanes = clients.slice(0, way.connections).map(async (client, lane) => {
        for (const month of months.filter((_, place) => place % way.connections === lane))
          await load(
            client,
            way.into === "table" ? "messages" : month.partition,
            way.format,
            month.content[way.format],
          );
      });
      await Promise.all(lanes);
      way.rates.push(rows / ((performance.now() - startedMs) / 1000));
    }
  for (const { format, connections, into, rates } of ways) {
    const sorted = rates.map(Math.round).sort((a, b) => a - b);
    const [median, range] = [sorted[sorted.length >> 1], `${sorted[0]} to ${sorted.at(-1)}`];
    console.log(`${format} over ${connections} into the ${into}: median ${median} messages/s (${range})`);
  }
}

/** The two largest, with as many rows of each: both connections have alike to do. */
async function readMonths(client: pg.Client): Promise<Month[]> {
  const { rows } = await client.query<{ partition: string; rows: number }>(
    "select tableoid::regclass::text as partition, count(*)::integer as rows from messages group by 1 order by 2 desc limit 2",
  );
  const smaller = rows[1]!.rows;
  const months: Month[] = [];
  for (const { partition } of rows) {
    const text = await readOut(client, partition, smaller, "text");
    const binary = await readOut(client, partition, smaller, "binary");
    months.push({ partition, rows: smaller, content: { text, binary } });
  }
  return months;
}

const readOut = (client: pg.Client, partition: string, rows: number, format: string) =>
  buffer(
    client.query(copyTo(`copy (select * from ${partition} order by ctid limit ${rows}) to stdout (format ${format})`)),
  );

async function load(client: pg.Client, target: string, format: string, content: Buffer): Promise<void> {
  await pipeline(
    Readable.from(chunksOf(content)),
    client.query(copyFrom(`copy ${target} from stdin (format ${format})`)),
  );
}

function* chunksOf(content: Buffer): Generator<Buffer> {
  for (let at = 0; at < content.length; at += chunkBytes) yield content.subarray(at, at + chunkBytes);
}
