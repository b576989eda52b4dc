import type { Db } from "#database/connect.ts";
import { type Drift, findDriftOf, listWebsiteIds, recountConversation } from "./counters.ts";

/**
 * Counts again the messages of conversations that were written to or changed recently, and corrects counters and previews
 * that differ. None should: each counter is changed under the lock of its row.
 * @param sinceHours  how far to look back
 * @returns the conversations that were corrected
 */
export async function recount(db: Db, { sinceHours }: { sinceHours: number }): Promise<Drift[]> {
  const corrected: Drift[] = [];
  for (const drift of await findDrift(db, { sinceHours })) {
    if (await db.transaction().execute(tx => recountConversation(tx, drift))) corrected.push(drift);
  }
  return corrected;
}

export async function findDrift(db: Db, { sinceHours }: { sinceHours: number }): Promise<Drift[]> {
  const drifts = [];
  for (const websiteId of await listWebsiteIds(db)) drifts.push(...(await findDriftOf(db, { websiteId, sinceHours })));
  return drifts;
}
