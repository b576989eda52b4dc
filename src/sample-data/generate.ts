import type pg from "pg";
import { connectDirectly } from "#database/direct-connection.ts";
import { AppError } from "#protocol/errors.ts";
import { fill } from "./fill.ts";
import { checkFreeSpace } from "./free-space.ts";
import { makeUpCorpus } from "./made-up.ts";
import { prepareMonths } from "./months.ts";
import { type GenerateOptions, readSettings } from "./options.ts";
import { createRandom } from "./random.ts";
import { readCorpus } from "./read-corpus.ts";
import { findWebsites, refuseRealWebsites, removeGenerated } from "./remove.ts";
import { insertWebsites } from "./websites.ts";

export type Generated = {
  messages: number;
  conversations: number;
  visitors: number;
  websites: number;
  /** of the whole run, with vacuum and analyze */
  seconds: number;
  messagesPerSecond: number;
  /** of the messages' partitions, heap and indexes */
  bytesPerMessage: number;
};

/** A single connection leaves a core idle: docs/decisions/0010. */
const connections = 2;

/**
 * Fills a migrated database with generated websites, conversations and messages that keep every rule of the product. They
 * replace those of earlier generations. Each month is committed as a whole.
 * @param url  a direct connection, not one through a transaction-mode pooler
 * @param onProgress  how many messages are written so far
 * @throws AppError "invalid_request" for invalid options, "conflict" if there are real websites or the schema is
 *   missing, "disk_full" (before anything is written, if the free space is known), "interrupted"
 */
export async function generate(
  url: string,
  options: GenerateOptions,
  onProgress: (messages: number) => void = () => {},
): Promise<Generated> {
  const startedMs = performance.now();
  const settings = readSettings(options);
  const random = createRandom(settings.seed);
  const corpus = options.corpus ? await readCorpus(options.corpus) : makeUpCorpus(random);
  const clients: pg.Client[] = [];
  const counts = { messages: 0, conversations: 0, visitors: 0, websites: settings.websites };
  try {
    while (clients.length < connections) clients.push(await openSession(url));
    const client = clients[0]!;
    const found = await findWebsites(client);
    if (!options.besideRealWebsites) refuseRealWebsites(found);
    await checkFreeSpace(client, { url, messages: settings.messages, found, log: options.log });
    await removeGenerated(client, found);
    const { from, until } = await prepareMonths(client, { months: settings.months, until: options.until });
    const websites = await insertWebsites(client, {
      count: settings.websites,
      topics: corpus.topics,
      createdAt: from,
      owner: options.owner,
      random,
    });
    const time = { fromMs: from.getTime(), untilMs: until.getTime() };
    await fill(clients, { ...settings, ...time, websites, corpus, random, signal: options.signal, counts, onProgress });
    await client.query("select make_search_months()");
    await client.query("truncate search_queue"); // deleted rows would stay as long as another session sees them
    await client.query(indexAgain);
    await analyze(clients);
    const seconds = (performance.now() - startedMs) / 1000;
    const messagesPerSecond = Math.round(counts.messages / seconds);
    return { ...counts, seconds, messagesPerSecond, bytesPerMessage: await measureMessage(client) };
  } catch (error) {
    throw explain(error, { committed: counts.messages, of: settings.messages, signal: options.signal });
  } finally {
    for (const client of clients) await client.end();
  }
}

async function openSession(url: string): Promise<pg.Client> {
  const client = await connectDirectly(url);
  await client.query("set statement_timeout = 0"); // a month takes as long as it takes
  return client;
}

/** The server indexes what was filled past its queue. */
const indexAgain = `
  update search_months set website_id = null, conversation_id = null, seq = null, messages = 0, finished_at = null;
  update search_visitors set website_id = null, visitor_id = null, finished_at = null`;

/** Gives the planner its statistics. The messages' partitions are vacuumed already. */
async function analyze([first, second]: pg.Client[]): Promise<void> {
  await Promise.all([
    first?.query("vacuum (analyze) websites, memberships, visitors, conversations"),
    second?.query("analyze messages"),
  ]);
}

async function measureMessage(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ bytes: number }>(
    `select (sum(pg_total_relation_size(c.oid)) / greatest(sum(c.reltuples), 1))::integer as bytes
     from pg_inherits i
     join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'messages'::regclass
       and c.reltuples > 0`,
  );
  return rows[0]!.bytes;
}

function explain(error: unknown, p: { committed: number; of: number; signal: AbortSignal | undefined }): unknown {
  if (error instanceof AppError) return error;
  const howFar = `after ${p.committed.toLocaleString("en-US")} of ${p.of.toLocaleString("en-US")} messages`;
  const { code } = error as { code?: string };
  if (p.signal?.aborted) {
    return new AppError(
      "interrupted",
      `Stopped ${howFar}. Running it again removes them and starts from the beginning.`,
    );
  }
  if (code === "53100") {
    return new AppError("disk_full", `The database's disk is full ${howFar}. Free some space, then run it again.`, {
      cause: error,
    });
  }
  return error;
}
