import { existsSync } from "node:fs";
import pg from "pg";
import { medianOf, quantile } from "#bench/queries/queries-report.ts";
import { describeRun, readRun } from "#bench/report/run.ts";
import { newId } from "#client/ids.ts";
import { type Connection, connect } from "#database/connect.ts";
import { migrate } from "#database/migrations/migrate.ts";
import { pipelined } from "#database/pipeline.ts";
import { indexOlder, indexQueued, startIndexer } from "#database/search/indexer.ts";
import { startScratchCluster } from "#lab/clusters/scratch-cluster.ts";
import { silent } from "#lab/programs/log.ts";
import { generate } from "#sample-data/generate.ts";
import type { NewMessage } from "#server/features/messages/new-message.ts";
import { writeStatements } from "#server/features/messages/write-statements.ts";
import { search } from "#server/features/search/search.ts";
import { chooseWords, type Word } from "./words.ts";

type Options = { messages: number; websites: number; corpus: string; rounds: number };
type Target = { websiteId: number; conversationId: string; visitorId: string };
type Line = { name: string; p50: number; p95: number };

const sendsPerSecond = 1_000;
const batchSize = 20;
const writeRounds = 25;
const writeMs = 1_000;
const someone = "00000000-0000-7000-8000-000000000000";

/** @returns the figures as Markdown */
export async function measureSearch(p: Options, print: (text: string) => void): Promise<string> {
  const cluster = await startScratchCluster("18", {
    // Without waiting for a disk that others use too: the work of a row weighs more then, not less.
    ...{ fsync: "off", max_wal_size: "8GB", shared_buffers: "2GB" },
  });
  const client = new pg.Client(cluster.url);
  let connection: Connection | null = null;
  try {
    await migrate(cluster.url, { log: silent });
    const corpus = existsSync(p.corpus) ? p.corpus : undefined;
    await generate(cluster.url, { messages: p.messages, websites: p.websites, months: 12, seed: 1, corpus });
    await client.connect();
    connection = connect({ url: cluster.url, poolSize: 8, onError: error => print(error.message) });
    print("filled");

    const startedAt = performance.now();
    while (await indexOlder(connection.db));
    const indexing = p.messages / ((performance.now() - startedAt) / 1000);
    await client.query("vacuum (analyze) message_search");
    const sizes = await measureSizes(client);
    print(`indexed ${Math.round(indexing)} messages/s`);

    const { websiteId, targets } = await chooseTargets(client);
    const words = await chooseWords(client, websiteId);
    const sends = await measureSends(connection, targets, print);

    const reads: Line[] = [];
    const indexer = startIndexer(connection.db, silent);
    const sending = sendSteadily(connection, targets);
    for (const [kind, list] of Object.entries(words)) {
      reads.push(
        await measure(`${kind}, the product`, list, p.rounds, word => searchOurs(connection!, websiteId, word)),
      );
      print(JSON.stringify(reads.at(-1)));
    }
    const sentPerSecond = await sending.stop();
    await indexer.stop();
    while (await indexQueued(connection.db));

    const trigrams = await buildTrigrams(client, print);
    const again = sendSteadily(connection, targets);
    const patterns = startIndexer(connection.db, silent);
    for (const [kind, list] of Object.entries(words)) {
      reads.push(
        await measure(`${kind}, trigrams`, list, p.rounds / 5, word => searchTrigrams(client, websiteId, word)),
      );
      print(JSON.stringify(reads.at(-1)));
    }
    await again.stop();
    await patterns.stop();
    const { rows } = await client.query("show server_version");
    return toMarkdown({
      p,
      corpus,
      postgres: rows[0].server_version,
      indexing,
      sizes,
      trigrams,
      sends,
      reads,
      sentPerSecond,
    });
  } finally {
    await client.end();
    await connection?.close();
    await cluster.stop();
  }
}

const searchOurs = ({ db }: Connection, websiteId: number, text: string) =>
  search(db, { websiteId, userId: someone, text, timeZone: "UTC", cursor: null });

/** As Chatwoot searches: any part of a text, the newest first. */
const searchTrigrams = (client: pg.Client, websiteId: number, text: string) =>
  client.query(
    `select id, body from messages
     where website_id = $1 and body ilike $2 and deleted_at is null
     order by created_at desc limit 20`,
    [websiteId, `%${text}%`],
  );

async function measure(
  name: string,
  words: Word[],
  rounds: number,
  look: (word: string) => Promise<unknown>,
): Promise<Line> {
  const times: number[] = [];
  for (const { word } of words) await look(word);
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now();
    await look(words[round % words.length]!.word);
    times.push(performance.now() - begun);
  }
  return { name, p50: quantile(times, 0.5), p95: quantile(times, 0.95) };
}

async function chooseTargets(client: pg.Client): Promise<{ websiteId: number; targets: Target[] }> {
  const { rows } = await client.query<Target>(`
    select website_id as "websiteId", id as "conversationId", visitor_id as "visitorId"
    from conversations
    where created_at > now() - interval '10 days' and deleted_at is null
    order by website_id, id
    limit 2000`);
  const { rows: largest } = await client.query(
    "select website_id from conversations group by 1 order by count(*) desc limit 1",
  );
  return { websiteId: largest[0].website_id, targets: rows };
}

const batchOf = (targets: Target[], at: number): NewMessage[] =>
  Array.from({ length: batchSize }, (_, i) => {
    const { websiteId, conversationId, visitorId } = targets[(at * batchSize + i) % targets.length]!;
    const body = "Where is my order 4711? It was due today, and nobody has told me why it is late.";
    return { websiteId, conversationId, id: newId(), kind: "text", body, author: "visitor", authorId: visitorId };
  });

/** The same statements without the row of the queue. */
const withoutQueue = /, queued as \(.*?having count\(\*\) > 0\s*\)/s;

/** Batches as fast as they go: without the queue, with it, and while the index is written. */
async function measureSends(connection: Connection, targets: Target[], print: (text: string) => void) {
  const ways = { without: [] as number[], queued: [] as number[], indexed: [] as number[] };
  let at = 0;
  for (let round = 0; round < writeRounds; round++) {
    for (const way of Object.keys(ways) as (keyof typeof ways)[]) {
      const indexer = way === "indexed" ? startIndexer(connection.db, silent) : null;
      const end = performance.now() + writeMs;
      let sent = 0;
      const write = async () => {
        while (performance.now() < end) {
          const statements = writeStatements(batchOf(targets, at++), "messages");
          await pipelined(
            connection.pipelines,
            way === "without"
              ? statements.map(({ name, text, values }) => ({
                  ...{
                    name: withoutQueue.test(text) ? `${name}_q` : name,
                    text: text.replace(withoutQueue, ""),
                    values,
                  },
                }))
              : statements,
          );
          sent += batchSize;
        }
      };
      await Promise.all([write(), write()]);
      await indexer?.stop();
      ways[way].push(sent / (writeMs / 1000));
      if (way !== "without") while (await indexQueued(connection.db));
    }
  }
  print(JSON.stringify(ways));
  return {
    perSecond: medianOf(ways.without),
    queuedLoss: medianOf(ways.without.map((rate, i) => 1 - ways.queued[i]! / rate)),
    indexedLoss: medianOf(ways.without.map((rate, i) => 1 - ways.indexed[i]! / rate)),
  };
}

/** Sends at a steady rate. @returns how many a second it was */
function sendSteadily({ pipelines }: Connection, targets: Target[]) {
  const startedAt = performance.now();
  let sent = 0;
  let batch = 0;
  let isOver = false;
  const running = (async () => {
    while (!isOver) {
      const due = ((performance.now() - startedAt) / 1000) * sendsPerSecond;
      if (sent >= due) await new Promise(resolve => setTimeout(resolve, 5));
      else {
        // On a loaded machine a connection may take longer than it is waited for: that batch is left out.
        await pipelined(pipelines, writeStatements(batchOf(targets, batch++), "messages")).then(
          () => {
            sent += batchSize;
          },
          () => {},
        );
      }
    }
  })();
  return {
    async stop() {
      isOver = true;
      await running;
      return sent / ((performance.now() - startedAt) / 1000);
    },
  };
}

async function measureSizes(client: pg.Client) {
  const { rows } = await client.query<{ table: number; words: number; others: number; messages: number }>(`
    select sum(pg_table_size(i.inhrelid))::float as "table",
      sum((select sum(pg_relation_size(x.indexrelid)) from pg_index x join pg_class c on c.oid = x.indexrelid
        join pg_am a on a.oid = c.relam where x.indrelid = i.inhrelid and a.amname = 'gin'))::float as words,
      sum((select sum(pg_relation_size(x.indexrelid)) from pg_index x join pg_class c on c.oid = x.indexrelid
        join pg_am a on a.oid = c.relam where x.indrelid = i.inhrelid and a.amname <> 'gin'))::float as others,
      (select count(*) from message_search)::float as messages
    from pg_inherits i where i.inhparent = 'message_search'::regclass`);
  const { table, words, others, messages } = rows[0]!;
  return { table: table / messages, words: words / messages, others: others / messages };
}

async function buildTrigrams(client: pg.Client, print: (text: string) => void): Promise<number> {
  await client.query("create extension pg_trgm");
  await client.query("create index trigrams on messages using gin (body gin_trgm_ops)");
  await client.query("analyze messages");
  print("trigrams built");
  const { rows } = await client.query<{ bytes: number }>(`
    select (sum(pg_relation_size(inhrelid)) / (select count(*) from messages))::float as bytes
    from pg_inherits where inhparent = 'trigrams'::regclass`);
  return rows[0]!.bytes;
}

type Figures = {
  p: Options;
  corpus: string | undefined;
  postgres: string;
  indexing: number;
  sizes: { table: number; words: number; others: number };
  trigrams: number;
  sends: { perSecond: number; queuedLoss: number; indexedLoss: number };
  reads: Line[];
  sentPerSecond: number;
};

function toMarkdown({ p, corpus, postgres, indexing, sizes, trigrams, sends, reads, sentPerSecond }: Figures): string {
  const percent = (share: number) => `${(share * 100).toFixed(1)}%`;
  const bytes = (count: number) => `${Math.round(count)} bytes`;
  return `${describeRun(readRun("search"), postgres)}. ${p.messages.toLocaleString("en")} messages of ${p.websites} websites, texts ${corpus ? "of real dialogues" : "made up"}; ${Math.round(sentPerSecond)} messages/s are sent meanwhile.

| a page of 20, in ms | p50 | p95 |
|---|---:|---:|
${reads.map(({ name, p50, p95 }) => `| ${name} | ${p50.toFixed(1)} | ${p95.toFixed(1)} |`).join("\n")}

| | |
|---|---:|
| words, a message | ${bytes(sizes.table)} of table, ${bytes(sizes.words)} of index of words, ${bytes(sizes.others)} of other indexes |
| trigrams, a message | ${bytes(trigrams)} of index |
| indexing older messages, without pauses | ${Math.round(indexing).toLocaleString("en")} messages/s |
| sends without the queue | ${Math.round(sends.perSecond).toLocaleString("en")} messages/s |
| what the queue costs of them | ${percent(sends.queuedLoss)} |
| what the queue and the indexer cost of them, as fast as they go | ${percent(sends.indexedLoss)} |`;
}
