import { type Db, queryIn } from "#database/connect.ts";
import { listWebsiteIds } from "#database/lifecycle/counters.ts";
import { queueMissed, readCheck, recordCheck } from "./index-queries.ts";
import { makeSearchMonths } from "./make-months.ts";

/** A transaction that began before the last check may have ended after it. */
const overlapMs = 3_600_000;

/**
 * Looks for messages that were written or changed since the last check and are in neither the index nor the queue, and queues
 * them. A server of a version before the index leaves such: beside this one during an upgrade, or when it was put back for a
 * while. What is queued already is queued once more; that changes nothing.
 * @returns how many it queued
 */
export async function reconcile(db: Db): Promise<number> {
  await makeSearchMonths(queryIn(db));
  const { checkedAt, now } = await readCheck(db);
  const since = new Date(checkedAt.getTime() - overlapMs);
  let queued = 0;
  for (const websiteId of await listWebsiteIds(db)) queued += await queueMissed(db, { websiteId, since });
  await recordCheck(db, now);
  return queued;
}
