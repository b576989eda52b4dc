import { setTimeout as sleep } from "node:timers/promises";
import { isPassing, isRefusedRow } from "./failures.ts";

type Waiting<Item, Result> = { item: Item; resolve(result: Result): void; reject(error: unknown): void };

const tries = 4;
const firstPauseMs = 50;

/**
 * Collects items while a batch is on its way: an idle system adds no delay, a busy one commits many at once.
 * @param run       does a batch in one transaction; gives one result an item, in order. Must be idempotent
 * @param lanes     batches on their way at once
 * @param mostItems of one batch: past some tens the joins of one statement cost more than commits save (bench/send.ts)
 */
export function createBatcher<Item, Result>(
  run: (items: Item[]) => Promise<Result[]>,
  { lanes = 2, mostItems = 20 } = {},
): (item: Item) => Promise<Result> {
  let collected: Waiting<Item, Result>[] = [];
  let running = 0;

  async function leave() {
    if (running >= lanes || collected.length === 0) return;
    const batch = collected.slice(0, mostItems);
    collected = collected.slice(mostItems);
    running++;
    await finish(batch);
    running--;
    void leave();
  }

  async function finish(batch: Waiting<Item, Result>[]) {
    try {
      const results = await persistently(batch.map(waiting => waiting.item));
      for (const [i, waiting] of batch.entries()) waiting.resolve(results[i]!);
    } catch (error) {
      // One bad row must not fail its neighbours.
      if (batch.length > 1 && isRefusedRow(error)) for (const waiting of batch) await finish([waiting]);
      else for (const waiting of batch) waiting.reject(error);
    }
  }

  async function persistently(items: Item[]): Promise<Result[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await run(items);
      } catch (error) {
        if (attempt === tries || !isPassing(error)) throw error;
        await sleep(firstPauseMs * 2 ** attempt);
      }
    }
  }

  return item =>
    new Promise((resolve, reject) => {
      collected.push({ item, resolve, reject });
      // What arrives in this turn of the event loop goes together.
      if (collected.length === 1) queueMicrotask(leave);
    });
}
