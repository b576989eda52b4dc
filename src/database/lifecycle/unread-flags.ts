import type { Db } from "#database/connect.ts";
import { clearFlagsOf, listWebsiteIds } from "./counters.ts";

const batchSize = 500;

/**
 * Clears `may_have_unread` of open conversations that have nothing unread. Read marks leave the flag set, because it is in
 * an index and most conversations get the next message soon (docs/decisions/0013-hot-conversations.md).
 * @returns how many
 */
export async function clearUnreadFlags(db: Db): Promise<number> {
  let total = 0;
  for (const websiteId of await listWebsiteIds(db)) {
    for (let cleared = batchSize; cleared === batchSize; total += cleared) {
      cleared = await clearFlagsOf(db, { websiteId, limit: batchSize });
    }
  }
  return total;
}
