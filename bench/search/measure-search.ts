import { existsSync } from "node:fs";
import pg from "pg";
import { medianOf, quantile } from "#bench/queries/queries-report.ts";
import { describeRun, readRun } from "#bench/report/run.ts";
import { type Connection, connect, type Db } from "#database/connect.ts";
import { migrate } from "#database/migrations/migrate.ts";
import { indexOlder, indexQueued } from "#database/search/indexer.ts";
import { startScratchCluster } from "#lab/clusters/scratch-cluster.ts";
import { silent } from "#lab/programs/log.ts";
import { generate } from "#sample-data/generate.ts";
import { search } from "#server/features/search/search.ts";
import { batchSize, measureSends, type Sent, type Target, whileSending } from "./sends.ts";
import { chooseWords, type Word } from "./words.ts";

type Options = { messages: number; websites: number; corpus: string; rounds: number };
type Line = { name: string; p50: number; p95: number };

const someone = "00000000-0000-7000-8000-000000000000";

/** @returns the figures as Markdown */
export async function measureSearch(p: Options, print: (text: string) => void): Promise<string> {
  const cluster = await startScratchCluster("18", {
    // Without waiting for a disk that others use too: the work of a row weighs more then, not less.
    ...{ fsync: "off", max_wal_size: "8GB", shared_buffers: "2GB" },
  });
  const client = new pg.Client(cluster.url);
  client.on("error", error => print(error.message)); // the next query fails with it
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
    const sends = await measureSends(connection, targets, cluster.pid(), print);

    const reads: Line[] = [];
    const measureEach = async (way: string, rounds: number, look: (word: string) => Promise<unknown>) => {
      for (const [kind, list] of Object.entries(words)) {
        if (list.length === 0) throw new Error(`No ${kind} words in these texts: take more messages, or a --corpus.`);
        reads.push(await measure(`${kind}, ${way}`, list, rounds, look));
        print(JSON.stringify(reads.at(-1)));
      }
    };
    const { db } = connection;
    const sent = await whileSending(connection, targets, () =>
      measureEach("the product", p.rounds, word => searchOurs(db, websiteId, word)),
    );
    while (await indexQueued(db));
    const trigrams = await buildTrigrams(client, print);
    await whileSending(connection, targets, () =>
      measureEach("trigrams", p.rounds / 5, word => searchTrigrams(client, websiteId, word)),
    );
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
      sent,
    });
  } finally {
    await client.end();
    await connection?.close();
    await cluster.stop();
  }
}

const searchOurs = (db: Db, websiteId: number, text: string) =>
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
  sends: Awaited<ReturnType<typeof measureSends>>;
  reads: Line[];
  sent: Sent;
};

function toMarkdown({ p, corpus, postgres, indexing, sizes, trigrams, sends, reads, sent }: Figures): string {
  const percent = (share: number) => `${(share * 100).toFixed(1)}%`;
  // What half of the rounds were within says how much of the median is chance.
  const loss = (shares: number[]) =>
    `${percent(medianOf(shares))}; half of ${shares.length} rounds: ${percent(quantile(shares, 0.25))} to ${percent(quantile(shares, 0.75))}`;
  const { cpu } = sends;
  const work = (micros: number) => `${micros.toFixed(1)} µs (${percent(micros / cpu.without - 1)})`;
  const bytes = (count: number) => `${Math.round(count)} bytes`;
  return `${describeRun(readRun("search"), postgres)}. ${p.messages.toLocaleString("en")} messages of ${p.websites} websites, texts ${corpus ? "of real dialogues" : "made up"}; ${Math.round(sent.perSecond)} messages/s are sent meanwhile, ${sent.failedBatches} batches of ${batchSize} failed.

| a page of 20, in ms | p50 | p95 |
|---|---:|---:|
${reads.map(({ name, p50, p95 }) => `| ${name} | ${p50.toFixed(1)} | ${p95.toFixed(1)} |`).join("\n")}

| | |
|---|---:|
| words, a message | ${bytes(sizes.table)} of table, ${bytes(sizes.words)} of index of words, ${bytes(sizes.others)} of other indexes |
| trigrams, a message | ${bytes(trigrams)} of index |
| indexing older messages, without pauses | ${Math.round(indexing).toLocaleString("en")} messages/s |
| sends without the queue | ${Math.round(sends.perSecond).toLocaleString("en")} messages/s |
| fewer of them with the queue | ${loss(sends.queuedLoss)} |
| fewer of them with the queue and the indexer, as fast as they go | ${loss(sends.indexedLoss)} |
| processor time of PostgreSQL and the sender, a message, without the queue | ${cpu.without.toFixed(1)} µs |
| with the queue | ${work(cpu.queued)} |
| with the queue and the indexer | ${work(cpu.indexed)} |`;
}
