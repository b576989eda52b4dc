import type { Db } from "#database/connect.ts";
import { insertAuditEntries } from "#server/declaration/audit-entries.ts";
import { entryOfSystem } from "#server/declaration/audit-record.ts";
import { pause } from "./pause.ts";
import { deleteVisitors, listVisitorIds, listWithoutConversations } from "./visitor-queries.ts";

const pageSize = 500;

/**
 * Deletes the visitors of a website of whom no conversation is left: name, address and last page have no use any more. In
 * pages of 500, each with a pause as long as it took. @returns how many
 */
export async function expireVisitors(
  db: Db,
  { websiteId, by, signal }: { websiteId: number; by: string; signal: AbortSignal },
): Promise<number> {
  let total = 0;
  for await (const ids of pagesOf(db, websiteId)) {
    if (signal.aborted) break;
    const startedAt = performance.now();
    total += await db.transaction().execute(tx => removeSome(tx, { websiteId, ids, by }));
    await pause(startedAt);
  }
  return total;
}

/** How many would go now. */
export async function countExpiringVisitors(db: Db, websiteId: number): Promise<number> {
  let total = 0;
  for await (const ids of pagesOf(db, websiteId)) {
    total += (await listWithoutConversations(db, { websiteId, ids, lock: false })).length;
  }
  return total;
}

async function* pagesOf(db: Db, websiteId: number): AsyncGenerator<string[]> {
  for (let after: string | null = null; ; ) {
    const ids: string[] = await listVisitorIds(db, { websiteId, after, limit: pageSize });
    if (ids.length > 0) yield ids;
    if (ids.length < pageSize) return;
    after = ids.at(-1)!;
  }
}

async function removeSome(tx: Db, { websiteId, ids, by }: { websiteId: number; ids: string[]; by: string }) {
  const locked = await listWithoutConversations(tx, { websiteId, ids, lock: true });
  if (locked.length === 0) return 0;
  const visitors = await deleteVisitors(tx, { websiteId, ids: locked });
  const target = { kind: "website" as const, id: String(websiteId), name: "" };
  const record = { websiteId, action: "visitor.expired" as const, target, details: { visitors } };
  if (visitors > 0) await insertAuditEntries(tx, [entryOfSystem(by, record)]);
  return visitors;
}
