import { AppError } from "#protocol/errors.ts";
import { isRefusedRow, withRetries } from "./retry.ts";

type Waiting<Item, Result> = { item: Item; resolve(result: Result): void; reject(error: unknown): void };

/** When to come back to a full queue, which it has done its work by then. */
const retryAfterMs = 1_000;

export type BatcherOptions<Item> = {
  /** batches on their way at once */
  lanes?: number;
  /** of one batch: larger ones save nothing more, and keep the others waiting (docs/decisions/0004-batch-size.md) */
  mostItems?: number;
  /** Beyond as many items are refused. Some MB of short messages, 100 MB of the longest; a second's work on a bad day. */
  mostWaiting?: number;
  /** Items of different groups never share a batch; the groups take turns. */
  groupOf?: (item: Item) => unknown;
};

/**
 * Collects items while batches are on their way: an idle system adds no delay, a busy one commits many at once.
 * @param run  does a batch in one transaction; gives one result an item, in order. Must be idempotent
 * @returns what takes an item; rejects with AppError "overloaded" and `retryAfterMs` when too many wait, else with what
 *   `run` threw for this item
 */
export function createBatcher<Item, Result>(
  run: (items: Item[]) => Promise<Result[]>,
  { lanes = 2, mostItems = 200, mostWaiting = 5_000, groupOf = () => null }: BatcherOptions<Item> = {},
): (item: Item) => Promise<Result> {
  const groups = new Map<unknown, Waiting<Item, Result>[]>();
  let waitingCount = 0;
  let running = 0;
  let leaving = false;

  /** What arrives in this turn of the event loop goes together. */
  function leaveSoon() {
    if (leaving) return;
    leaving = true;
    setImmediate(() => {
      leaving = false;
      while (running < lanes && waitingCount > 0) void leave(takeBatch());
    });
  }

  /** The lanes that are free share what waits in a group; the group then queues up behind the others. */
  function takeBatch(): Waiting<Item, Result>[] {
    const [group, queue] = groups.entries().next().value!;
    const batch = queue.splice(0, Math.min(mostItems, Math.ceil(queue.length / (lanes - running))));
    groups.delete(group);
    if (queue.length > 0) groups.set(group, queue);
    waitingCount -= batch.length;
    return batch;
  }

  async function leave(batch: Waiting<Item, Result>[]) {
    running++;
    await finish(batch);
    running--;
    leaveSoon();
  }

  async function finish(batch: Waiting<Item, Result>[]) {
    try {
      const results = await withRetries(() => run(batch.map(waiting => waiting.item)));
      for (const [i, waiting] of batch.entries()) waiting.resolve(results[i]!);
    } catch (error) {
      if (batch.length === 1 || !isRefusedRow(error)) for (const waiting of batch) waiting.reject(error);
      else {
        // One bad row must not fail its neighbours: by halves, until it is alone.
        const middle = Math.ceil(batch.length / 2);
        await finish(batch.slice(0, middle));
        await finish(batch.slice(middle));
      }
    }
  }

  return item =>
    new Promise((resolve, reject) => {
      if (waitingCount >= mostWaiting) return reject(overloaded(waitingCount));
      const group = groupOf(item);
      const queue = groups.get(group);
      if (queue) queue.push({ item, resolve, reject });
      else groups.set(group, [{ item, resolve, reject }]);
      waitingCount++;
      leaveSoon();
    });
}

const overloaded = (waitingCount: number) =>
  new AppError("overloaded", `${waitingCount} messages wait to be stored already. Try again in a second.`, {
    details: { retryAfterMs },
  });
