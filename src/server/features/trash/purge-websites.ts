import type { Db } from "#database/connect.ts";
import {
  deleteExpiredWebsite,
  deleteWebsiteRows,
  isWebsiteHeld,
  listExpiredWebsites,
  listTablesOfWebsites,
} from "#database/lifecycle/website-rows.ts";
import { keepIndexerOut } from "#database/search/index-queries.ts";
import { insertAuditEntries } from "#server/declaration/audit-entries.ts";
import { entryOfSystem } from "#server/declaration/audit-record.ts";
import { paced } from "./paced.ts";

/** Some milliseconds of work: others wait for a batch at most. */
const batchRows = 500;

/**
 * Removes the rows of websites that were deleted more than `limits.undoDays` days ago, table by table in short transactions, and
 * the website last: a run that was killed leaves a deleted website with fewer rows, and the next run goes on.
 * @param touched  gets the tables that rows were removed from
 * @returns how many websites
 */
export async function purgeWebsites(db: Db, touched: Set<string>): Promise<number> {
  const websites = await listExpiredWebsites(db);
  if (websites.length === 0) return 0;
  const tables = await listTablesOfWebsites(db);
  let purged = 0;
  for (const { id: websiteId, name } of websites) {
    if (await isWebsiteHeld(db, websiteId)) continue;
    let rows = 0;
    for (const table of tables) {
      // Its messages are gone by now. After the step that may have read them, their words do not come back.
      if (table.startsWith("message_search")) await keepIndexerOut(db);
      for (let gone = batchRows; gone === batchRows; rows += gone) {
        gone = await paced(() => deleteWebsiteRows(db, { websiteId, table, limit: batchRows }));
        if (gone > 0) touched.add(table);
      }
    }
    const isGone = await db.transaction().execute(async tx => {
      if (!(await deleteExpiredWebsite(tx, websiteId))) return false;
      const target = { kind: "website" as const, id: String(websiteId), name };
      const record = { websiteId, action: "website.purged" as const, target, details: { rows } };
      await insertAuditEntries(tx, [entryOfSystem("prochat start", record)]);
      return true;
    });
    if (isGone) purged++;
  }
  return purged;
}
