import type pg from "pg";
import type { Corpus } from "./corpus.ts";
import { partitionOf } from "./months.ts";
import { type Chunk, planChunks } from "./plan.ts";
import { createRandom, formatId, type Random } from "./random.ts";
import { copyConversations, copyMessages } from "./rows.ts";
import { copyVisitors } from "./visitors.ts";
import type { Website } from "./websites.ts";

export type Work = {
  messages: number;
  fromMs: number;
  untilMs: number;
  websites: Website[];
  corpus: Corpus;
  seed: number;
  random: Random;
  signal: AbortSignal | undefined;
  /** what is committed, kept up to date */
  counts: { messages: number; conversations: number; visitors: number };
  onProgress: (messages: number) => void;
};

/** Writes all conversations; each connection writes one chunk at a time. Complete chunks stay committed after an error. */
export async function fill(clients: pg.Client[], work: Work): Promise<void> {
  const failed = new AbortController();
  const signal = AbortSignal.any(work.signal ? [work.signal, failed.signal] : [failed.signal]);
  const startProgress = sumProgress(work.onProgress);
  const lanes = clients.map(client => ({ client, done: Promise.resolve() }));
  let nth = 0;
  try {
    for (const chunk of planChunks(work)) {
      const lane = lanes[nth++ % lanes.length]!;
      await lane.done;
      signal.throwIfAborted();
      // One per chunk: its numbers must not depend on which connection is ahead.
      const random = createRandom(work.seed, nth);
      await writeVisitors(lane.client, chunk, random);
      const onRows = startProgress();
      lane.done = writeChunk(lane.client, chunk, { ...work, random, onRows, signal });
      lane.done.catch(() => failed.abort()); // `await lane.done` handles the error
    }
    for (const lane of lanes) await lane.done;
  } catch (error) {
    failed.abort();
    throw error;
  } finally {
    await Promise.allSettled(lanes.map(lane => lane.done));
  }
}

/** Adds up the progress of several chunks; each starts at 0. */
function sumProgress(onProgress: (messages: number) => void) {
  let total = 0;
  return () => {
    let before = 0;
    return (messages: number) => {
      total += messages - before;
      before = messages;
      onProgress(total);
    };
  };
}

/** They are committed before a conversation, also of a later chunk, refers to them. */
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

async function writeChunk(
  client: pg.Client,
  chunk: Chunk,
  p: Pick<Work, "corpus" | "counts"> & { random: Random; onRows: (messages: number) => void; signal: AbortSignal },
): Promise<void> {
  function onRows(messages: number): void {
    p.signal.throwIfAborted();
    p.onRows(messages);
  }
  await inTransaction(client, async () => {
    const conversations = await copyMessages(client, chunk, { ...p, onRows });
    await copyConversations(client, conversations, p);
  });
  p.counts.messages += chunk.messages;
  p.counts.conversations += chunk.plans.length;
  p.counts.visitors += chunk.newVisitors.length;
  await client.query(`vacuum ${partitionOf(chunk)}`); // now, while its pages are still in memory
}

async function inTransaction(client: pg.Client, work: () => Promise<void>): Promise<void> {
  await client.query("begin");
  try {
    await work();
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => {}); // a closed connection has rolled back
    throw error;
  }
}
