import { setTimeout as sleep } from "node:timers/promises";
import { type Db, queryIn } from "#database/connect.ts";
import { monthOf, tableOfMonth } from "#database/partitions/months.ts";
import type { Log } from "#platform/log.ts";
import {
  deleteWords,
  findUnfinishedMonth,
  findVisitorProgress,
  isAnythingQueued,
  listSearchMonths,
  lockIndex,
  lockVisitors,
  type MessageKey,
  readMessages,
  readMessagesAfter,
  readVisitorsAfter,
  recordProgress,
  recordVisitorProgress,
  type Source,
  takeQueued,
  type VisitorKey,
  writeVisitorWords,
  writeWords,
} from "./index-queries.ts";
import { vectorOf } from "./lexemes.ts";
import { makeSearchMonths } from "./make-months.ts";

/*
 * Writes the words of messages and visitors, some time after they were written. Each step is one transaction: it takes entries
 * out of the queue, or moves the place up to which older messages are indexed, and writes what belongs to it. After kill -9 a
 * step was done or not. A step looks at the messages as they are now, so doing it twice changes nothing.
 */

/** of a step, so that nothing waits long for it */
const maxMessages = 500;

type Batch = { messages: MessageKey[]; visitors: VisitorKey[]; isFull: boolean };

/** Indexes what is in the queue. @returns true if more may be waiting */
export async function indexQueued(db: Db): Promise<boolean> {
  if (!(await isAnythingQueued(db))) return false;
  return db.transaction().execute(async tx => {
    if (!(await lockIndex(tx))) return false;
    const { messages, visitors, isFull } = await takeBatch(tx);
    // Afterwards: an import commits a month together with its messages.
    await makeSearchMonths(queryIn(tx));
    const months = new Set(await listSearchMonths(tx));
    // What was deleted with its month is not looked for.
    const kept = messages.filter(({ conversationId }) => months.has(monthOf(conversationId)));
    for (const keys of Map.groupBy(kept, ({ conversationId }) => monthOf(conversationId)).values()) {
      const found = await readMessages(tx, keys);
      await writeMessages(tx, found);
      const live = new Set(found.map(keyOf));
      const gone = keys.filter(key => !live.has(keyOf(key)));
      if (gone.length > 0) await deleteWords(tx, gone);
    }
    await indexVisitors(tx, visitors);
    return isFull;
  });
}

/** Each message and each visitor once, however often they changed. */
async function takeBatch(tx: Db): Promise<Batch> {
  const queued = await takeQueued(tx, maxMessages);
  const messages = new Map<string, MessageKey>();
  const visitors = new Map<string, VisitorKey>();
  for (const { websiteIds, ids, seqs } of queued) {
    for (const [i, websiteId] of websiteIds.entries()) {
      const id = ids[i]!;
      if (!seqs) visitors.set(`${websiteId} ${id}`, { websiteId, visitorId: id });
      else messages.set(`${websiteId} ${id} ${seqs[i]}`, { websiteId, conversationId: id, seq: seqs[i]! });
    }
  }
  return { messages: [...messages.values()], visitors: [...visitors.values()], isFull: queued.length > 0 };
}

/** Indexes the next messages, or visitors, that were there before the index. @returns false if all are indexed */
export const indexOlder = async (db: Db): Promise<boolean> =>
  (await indexOlderMessages(db)) || (await indexOlderVisitors(db));

async function indexOlderMessages(db: Db): Promise<boolean> {
  if (!(await findUnfinishedMonth(db))) return false;
  await db.transaction().execute(async tx => {
    if (!(await lockIndex(tx))) return;
    const progress = await findUnfinishedMonth(tx);
    if (!progress) return;
    const { month, after } = progress;
    const found = await readMessagesAfter(tx, { table: tableOfMonth(month), after, limit: maxMessages });
    const searched = found.filter(({ isSearched }) => isSearched);
    await writeMessages(tx, searched);
    await recordProgress(tx, { month, last: found.at(-1) ?? null, messages: searched.length });
  });
  return true;
}

async function indexOlderVisitors(db: Db): Promise<boolean> {
  if (!(await findVisitorProgress(db))) return false;
  await db.transaction().execute(async tx => {
    if (!(await lockIndex(tx))) return;
    const progress = await findVisitorProgress(tx);
    if (!progress) return;
    const found = await readVisitorsAfter(tx, { after: progress.after, limit: maxMessages });
    await indexVisitors(tx, found);
    await recordVisitorProgress(tx, found.at(-1) ?? null);
  });
  return true;
}

async function writeMessages(tx: Db, messages: Source[]): Promise<void> {
  if (messages.length === 0) return;
  await writeWords(
    tx,
    messages.map(({ body, author, ...message }) => ({ ...message, words: vectorOf(message.websiteId, body, author) })),
  );
}

async function indexVisitors(tx: Db, keys: VisitorKey[]): Promise<void> {
  if (keys.length === 0) return;
  const found = await lockVisitors(tx, keys);
  const words = found.map(({ text, ...key }) => ({ ...key, words: vectorOf(key.websiteId, text, null) }));
  if (words.length > 0) await writeVisitorWords(tx, words);
}

const keyOf = ({ websiteId, conversationId, seq }: MessageKey) => `${websiteId} ${conversationId} ${seq}`;

const idleMs = 250;
const retryMs = 5_000;
/** Where all older messages are indexed, it looks this often for months that came from elsewhere. */
const olderMs = 10_000;
/** It works a quarter of the time; a tenth, if this process is busy with sends. */
const usualRest = 3;
const busyRest = 9;
const busyUtilization = 0.6;

/** Keeps the search index up to date until it is stopped. Several servers of one database take turns. */
export function startIndexer(db: Db, log: Log): { stop(): Promise<void> } {
  const stopped = new AbortController();
  const rest = (ms: number) => sleep(ms, undefined, { signal: stopped.signal }).catch(() => {});

  async function run() {
    let olderAt = 0;
    let before = performance.eventLoopUtilization();
    while (!stopped.signal.aborted) {
      const startedAt = performance.now();
      try {
        let isMore = await indexQueued(db);
        if (!isMore && performance.now() > olderAt) {
          isMore = await indexOlder(db);
          if (!isMore) olderAt = performance.now() + olderMs;
        }
        const { utilization } = performance.eventLoopUtilization(before);
        before = performance.eventLoopUtilization();
        const tookMs = performance.now() - startedAt;
        await rest(isMore ? tookMs * (utilization > busyUtilization ? busyRest : usualRest) : idleMs);
      } catch (error) {
        if (stopped.signal.aborted) break;
        // Not the error itself: words of people may be in it.
        const { code, name } = error as { code?: string; name: string };
        log.warn(`The search index is behind: ${code ?? name}. It goes on in ${retryMs / 1000} s`);
        await rest(retryMs);
      }
    }
  }

  const running = run();
  return {
    async stop() {
      stopped.abort();
      await running;
    },
  };
}
