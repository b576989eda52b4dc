import type pg from "pg";
import { connectDirectly } from "#database/direct-connection.ts";
import type { Corpus } from "./corpus.ts";
import { makeUpCorpus } from "./made-up.ts";
import { type GenerateOptions, readSettings, type Settings } from "./options.ts";
import { type Chunk, planChunks } from "./plan.ts";
import { createRandom, formatId, type Random } from "./random.ts";
import { readCorpus } from "./read-corpus.ts";
import { removeGenerated } from "./remove.ts";
import { copyConversations, copyMessages, copyVisitors } from "./rows.ts";
import { insertWebsites } from "./websites.ts";

export type Generated = {
  messages: number;
  conversations: number;
  visitors: number;
  websites: number;
  /** of the whole run but for vacuum and analyze */
  seconds: number;
  messagesPerSecond: number;
};

/** Two connections, each with a month of its own: one alone leaves a core idle. */
const laneCount = 2;

/**
 * Fills a migrated database with made-up websites, conversations and messages that keep every rule of the product's, in
 * place of those that were generated before.
 * @param onProgress  how many messages are written so far
 */
export async function generate(
  url: string,
  options: GenerateOptions,
  onProgress: (messages: number) => void = () => {},
): Promise<Generated> {
  const settings = readSettings(options);
  const started = performance.now();
  const random = createRandom(settings.seed);
  const corpus = options.corpus ? await readCorpus(options.corpus) : makeUpCorpus(random);
  const clients: pg.Client[] = [];
  try {
    while (clients.length < laneCount) clients.push(await connectDirectly(url));
    const client = clients[0]!;
    await removeGenerated(client, options);
    const counts = await fill(clients, settings, { corpus, random, until: options.until, onProgress });
    const seconds = (performance.now() - started) / 1000;
    await client.query("vacuum (analyze) websites, memberships, visitors, conversations, messages");
    return { ...counts, seconds, messagesPerSecond: Math.round(counts.messages / seconds) };
  } finally {
    for (const client of clients) await client.end();
  }
}

async function fill(
  clients: pg.Client[],
  { messages, months, seed, ...settings }: Settings,
  p: { corpus: Corpus; random: Random; until: Date | undefined; onProgress: (messages: number) => void },
) {
  const { corpus, random, onProgress } = p;
  const client = clients[0]!;
  const { from, until } = await prepareMonths(client, { months, until: p.until });
  const websites = await insertWebsites(client, {
    count: settings.websites,
    topics: corpus.topics,
    createdAt: from,
    random,
  });

  const counts = { messages: 0, conversations: 0, visitors: 0, websites: websites.length };
  const lanes = clients.map(each => ({ client: each, done: Promise.resolve() }));
  let nth = 0;
  for (const chunk of planChunks({ messages, fromMs: from.getTime(), untilMs: until.getTime(), websites, random })) {
    const lane = lanes[nth++ % lanes.length]!;
    await lane.done;
    const chunkRandom = createRandom(seed, nth);
    await writeVisitors(lane.client, chunk, chunkRandom);
    let before = 0;
    lane.done = writeConversations(lane.client, chunk, corpus, chunkRandom, written => {
      counts.messages += written - before;
      before = written;
      onProgress(counts.messages);
    });
    lane.done.catch(() => {}); // told by whoever waits for it
    counts.conversations += chunk.plans.length;
    counts.visitors += chunk.newVisitors.length;
  }
  for (const lane of lanes) await lane.done;
  return counts;
}

/** @returns the time of the first conversation and of the last message, in whole ms */
async function prepareMonths(client: pg.Client, p: { months: number; until: Date | undefined }) {
  const { rows } = await client.query<{ from: Date; until: Date }>(
    `select until, until - make_interval(months => $1) as from
     from (select date_trunc('milliseconds', coalesce($2::timestamptz, now())) as until) as given`,
    [p.months, p.until ?? null],
  );
  const [{ from, until }] = rows as [{ from: Date; until: Date }];
  await client.query("select make_message_partitions(($1::timestamptz at time zone 'UTC')::date, $2)", [
    from,
    p.months,
  ]);
  return { from, until };
}

/** Committed before any conversation, also of a later chunk's, refers to them. */
async function writeVisitors(client: pg.Client, chunk: Chunk, random: Random): Promise<void> {
  await inTransaction(client, async () => {
    await copyVisitors(client, chunk.newVisitors, random);
    await client.query(
      `update visitors v
       set last_seen_at = returned.at
       from unnest($1::integer[], $2::uuid[], $3::timestamptz[]) as returned (website_id, id, at)
       where v.website_id = returned.website_id
         and v.id = returned.id`,
      [
        chunk.returnedVisitors.map(visitor => visitor.website.id),
        chunk.returnedVisitors.map(visitor => formatId(visitor.id)),
        chunk.returnedVisitors.map(visitor => new Date(visitor.lastSeenMs)),
      ],
    );
  });
}

async function writeConversations(
  client: pg.Client,
  chunk: Chunk,
  corpus: Corpus,
  random: Random,
  onChunk: (messages: number) => void,
): Promise<void> {
  await inTransaction(client, async () => {
    const conversations = await copyMessages(client, chunk, { corpus, random, onChunk });
    await copyConversations(client, conversations, { corpus, random });
  });
}

async function inTransaction(client: pg.Client, work: () => Promise<void>): Promise<void> {
  await client.query("begin");
  try {
    await work();
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}
