import type { WebsiteDatabase } from "#database/website-databases.ts";
import { createBatcher } from "#platform/batcher.ts";
import type { Ctx } from "./context.ts";

/**
 * Writes of one kind in batches, one batcher per database: a slow database does not delay the others.
 * @param run  as of createBatcher()
 * @returns adds an item to its database's next batch, and rejects as createBatcher() says
 */
export function batchByDatabase<Item extends { websiteId: number }, Result>(
  run: (ctx: Ctx, database: WebsiteDatabase, items: Item[]) => Promise<Result[]>,
): (ctx: Ctx, database: WebsiteDatabase, item: Item) => Promise<Result> {
  const batchers = new WeakMap<WebsiteDatabase, (item: Item) => Promise<Result>>();

  return (ctx, database, item) => {
    let batcher = batchers.get(database);
    if (!batcher) {
      batcher = createBatcher(items => run(ctx, database, items));
      batchers.set(database, batcher);
    }
    return batcher(item);
  };
}
