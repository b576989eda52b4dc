import { buffer } from "node:stream/consumers";
import { z } from "zod";
import type { Db } from "#database/connect.ts";
import type { Storage } from "#platform/storage/storage.ts";
import { erasePerson } from "./erase.ts";
import { listErasedFiles } from "./erased-files.ts";
import { findErasure, listUnstored, markStored, recordDeletion, recordErasure } from "./erasures.ts";
import { removeFromExports } from "./exported-months.ts";
import { ledgerPrefix } from "./ledger-prefix.ts";
import { replaceExport } from "./month-queries.ts";
import { deleteAgain } from "./replay-queries.ts";

/** An object of the ledger: ids and times only. */
const Entry = z.object({
  websiteId: z.number().int(),
  visitorId: z.uuid(),
  conversationIds: z.array(z.uuid()),
  requestedAt: z.coerce.date(),
  /** null: it could still be undone */
  erasedAt: z.coerce.date().nullable(),
});
type Entry = z.infer<typeof Entry>;

const keyOf = ({ websiteId, visitorId }: { websiteId: number; visitorId: string }) =>
  `${ledgerPrefix}${websiteId}/${visitorId}.json`;

const batchSize = 100;

/**
 * Writes to the object store what has changed in the ledger, and rewrites the exports of months that have somebody who is
 * erased. A run that ends in the middle is continued by the next one.
 * @returns how many entries
 * @throws AppError "storage_unavailable"; the rest stays to be done
 */
export async function storeErasures(db: Db, storage: Storage): Promise<number> {
  let stored = 0;
  for (;;) {
    const batch = await listUnstored(db, batchSize);
    for (const erasure of batch) {
      const { websiteId, visitorId, conversationIds, requestedAt, erasedAt, undoneAt } = erasure;
      const entry: Entry = { websiteId, visitorId, conversationIds, requestedAt, erasedAt };
      if (undoneAt) await storage.deleteAllVersions(keyOf(erasure));
      else await storage.put(keyOf(erasure), Buffer.from(JSON.stringify(entry)));
      if (erasedAt) await removeFromExports(db, storage, erasure);
      await markStored(db, erasure);
    }
    stored += batch.length;
    if (batch.length < batchSize) return stored;
  }
}

/**
 * Brings a restored database up to the ledger in the object store: erases who was erased since the backup, and deletes again
 * who was deleted since. To be called before the database opens to anybody; it may be called again.
 * @returns how many visitors were erased and deleted again
 * @throws AppError "storage_unavailable", or an Error that names an entry that cannot be read: do not open the database then
 */
export async function replayErasures(db: Db, storage: Storage): Promise<{ erased: number; deleted: number }> {
  const done = { erased: 0, deleted: 0 };
  for await (const { key } of storage.list(ledgerPrefix)) {
    const entry = parseEntry(key, (await buffer(await storage.get(key))).toString());
    const change = await db.transaction().execute(tx => replay(tx, entry));
    if (change) done[change]++;
  }
  // The database knows the exports of before, which are gone.
  for (const { replaced } of await listErasedFiles(storage)) await replaceExport(db, replaced);
  return done;
}

function parseEntry(key: string, text: string): Entry {
  try {
    return Entry.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`The entry ${key} of the ledger of erasures cannot be read. Put it right, then start again.`, {
      cause,
    });
  }
}

async function replay(tx: Db, entry: Entry): Promise<"erased" | "deleted" | null> {
  const { erasedAt } = entry;
  if (erasedAt) {
    const held = await findErasure(tx, entry);
    const { removed } = await erasePerson(tx, entry);
    const isNews = Object.keys(removed).length > 0;
    if (isNews || !held?.erasedAt) await recordErasure(tx, { ...entry, erasedAt, removed });
    return isNews ? "erased" : null;
  }
  const isDeleted = await deleteAgain(tx, entry);
  await recordDeletion(tx, { ...entry, at: entry.requestedAt });
  return isDeleted ? "deleted" : null;
}
