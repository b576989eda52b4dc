import type { Db } from "#database/connect.ts";
import { inserting } from "#database/partitions/missing.ts";
import type { Topic, Topics } from "#server/realtime/bus.ts";
import type { Ctx } from "./context.ts";

/** What a transaction announces. */
export type Events = {
  /** Published after the commit. Best effort: a client that misses one finds out by its numbers. */
  publish<T extends Topic>(topic: T, event: Topics[T]): void;
};

/**
 * Runs a transaction and publishes its events after the commit; when it fails, nothing is published. A consumer that
 * must not miss an event gets its row in the same transaction.
 * @param run  may run again when the partition of a message's month was missing
 */
export async function transact<Result>(
  { bus }: Pick<Ctx, "bus">,
  db: Db,
  run: (tx: Db, events: Events) => Promise<Result>,
): Promise<Result> {
  const { result, publications } = await inserting(db, async tx => {
    const publications: (() => void)[] = [];
    const result = await run(tx, { publish: (topic, event) => publications.push(() => bus.publish(topic, event)) });
    return { result, publications };
  });
  for (const publish of publications) publish();
  return result;
}
