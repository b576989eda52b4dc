import { AppError } from "#protocol/errors.ts";
import { currentContext, inBatch, type RequestContext } from "./requests/request-context.ts";
import { isRefusedRow, withRetries } from "./retry.ts";

type Waiting<Item, Result> = {
  item: Item;
  context: RequestContext;
  resolve(result: Result): void;
  reject(error: unknown): void;
};

/** The retry delay for a full queue: it normally drains within this time. */
const retryAfterMs = 1_000;

export type BatcherOptions<Item> = {
  /** batches that run at once */
  maxRunning?: number;
  /** in one batch; larger ones save no more and delay the next (docs/decisions/0004-batch-size.md) */
  maxItems?: number;
  /** Further items are refused. 5,000 are some MB of short messages, 100 MB of the longest, and at worst a second's work. */
  maxWaiting?: number;
  /** Items of different groups never share a batch. The groups take turns. */
  groupOf?: (item: Item) => unknown;
};

/**
 * Collects items while other batches run: an idle system adds no delay, a busy one commits many items at once.
 * @param run  writes a batch in one transaction and returns a result for each item, in order; must be idempotent
 * @returns adds an item. Rejects with AppError "overloaded" and `retryAfterMs` if too many wait, otherwise with what `run`
 *   threw for this item
 */
export function createBatcher<Item, Result>(
  run: (items: Item[]) => Promise<Result[]>,
  { maxRunning = 2, maxItems = 200, maxWaiting = 5_000, groupOf = () => null }: BatcherOptions<Item> = {},
): (item: Item) => Promise<Result> {
  const batcher = new Batcher(run, { maxRunning, maxItems, maxWaiting, groupOf });
  return item => batcher.add(item);
}

class Batcher<Item, Result> {
  readonly #run: (items: Item[]) => Promise<Result[]>;
  readonly #options: Required<BatcherOptions<Item>>;
  /** the group whose turn is next comes first */
  readonly #groups = new Map<unknown, Waiting<Item, Result>[]>();
  #waitingCount = 0;
  #running = 0;
  #isScheduled = false;

  constructor(run: (items: Item[]) => Promise<Result[]>, options: Required<BatcherOptions<Item>>) {
    this.#run = run;
    this.#options = options;
  }

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#waitingCount >= this.#options.maxWaiting) return reject(overloaded(this.#waitingCount));
      const group = this.#options.groupOf(item);
      const queue = this.#groups.get(group);
      const waiting = { item, context: currentContext(), resolve, reject };
      if (queue) queue.push(waiting);
      else this.#groups.set(group, [waiting]);
      this.#waitingCount++;
      this.#schedule();
    });
  }

  /** Items that arrive in one turn of the event loop share a batch. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      while (this.#running < this.#options.maxRunning && this.#waitingCount > 0) void this.#start(this.#takeBatch());
    });
  }

  /** The free runs share the items of a group. What is left of it waits behind the other groups. */
  #takeBatch(): Waiting<Item, Result>[] {
    const { maxItems, maxRunning } = this.#options;
    const [group, queue] = this.#groups.entries().next().value!;
    const batch = queue.splice(0, Math.min(maxItems, Math.ceil(queue.length / (maxRunning - this.#running))));
    this.#groups.delete(group);
    if (queue.length > 0) this.#groups.set(group, queue);
    this.#waitingCount -= batch.length;
    return batch;
  }

  async #start(batch: Waiting<Item, Result>[]): Promise<void> {
    this.#running++;
    await this.#write(batch);
    this.#running--;
    this.#schedule();
  }

  async #write(batch: Waiting<Item, Result>[]): Promise<void> {
    try {
      const items = batch.map(waiting => waiting.item);
      const results = await withRetries(() => asBatch(batch, () => this.#run(items)));
      for (const [i, waiting] of batch.entries()) waiting.resolve(results[i]!);
    } catch (error) {
      if (batch.length === 1 || !isRefusedRow(error)) for (const waiting of batch) waiting.reject(error);
      else {
        // One bad row must not fail the others: halve the batch until it is alone.
        const middle = Math.ceil(batch.length / 2);
        await this.#write(batch.slice(0, middle));
        await this.#write(batch.slice(middle));
      }
    }
  }
}

/** Log, slow queries and traces name the requests that wait for the batch. */
function asBatch<T>(batch: { context: RequestContext }[], run: () => T): T {
  const requests = batch.flatMap(({ context }) => context.request ?? context.batch ?? []);
  const traced = batch.find(({ context }) => context.span !== null);
  return inBatch(requests, traced?.context.span ?? null, run);
}

const overloaded = (waitingCount: number) =>
  new AppError("overloaded", `${waitingCount} messages are waiting to be stored. Try again in a second.`, {
    details: { retryAfterMs },
  });
