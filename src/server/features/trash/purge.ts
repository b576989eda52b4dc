import { type Db, queryIn } from "#database/connect.ts";
import { analyzePurged } from "#database/lifecycle/analyze.ts";
import { listWebsiteIds } from "#database/lifecycle/counters.ts";
import {
  clearDeletedMessage,
  type DeletedMessage,
  listDeleted,
  listDeletedMessages,
  listDeletedVisitors,
} from "#database/lifecycle/deleted.ts";
import { partitionOf } from "#database/partitions/months.ts";
import { addToReceipt, recordErasure } from "#database/privacy/erasures.ts";
import { limits } from "#protocol/limits.ts";
import { insertAuditEntries } from "#server/declaration/audit-entries.ts";
import { type AuditRecord, entryOfSystem } from "#server/declaration/audit-record.ts";
import { endExportsOf } from "#server/features/exports/feature.ts";
import { paced } from "./paced.ts";
import { purgeWebsites } from "./purge-websites.ts";
import { deleteExpiredVisitor, lockExpired, purgeConversation } from "./queries.ts";

export type Purged = { conversations: number; visitors: number; messages: number; websites: number };

const batchSize = 100;

/**
 * Removes for good what was deleted more than `limits.undoDays` ago, in short transactions, each followed by a pause as long as
 * it took: it can be stopped or killed at any time, and the next run goes on.
 */
export async function purgeTrash(db: Db): Promise<Purged> {
  const before = new Date(Date.now() - limits.undoDays * 86_400_000);
  const touched = new Set<string>();
  const purged = { conversations: 0, visitors: 0, messages: 0, websites: await purgeWebsites(db, touched) };
  for (const websiteId of await listWebsiteIds(db)) {
    const due = { websiteId, before, limit: batchSize };
    purged.conversations += await each(
      () => listDeleted(db, due),
      row => {
        touched.add(partitionOf(row.conversationId));
        return purgeOne(db, { websiteId, ...row });
      },
    );
    if (purged.conversations > 0) for (const table of ["conversations", "conversation_tags"]) touched.add(table);
    purged.visitors += await each(
      () => listDeletedVisitors(db, due),
      row => purgeVisitor(db, { websiteId, ...row }),
    );
    if (purged.visitors > 0) touched.add("visitors");
    purged.messages += await each(
      () => listDeletedMessages(db, due),
      row => {
        touched.add(partitionOf(row.conversationId));
        return purgeMessage(db, { ...due, ...row });
      },
    );
  }
  await analyzePurged(queryIn(db), touched);
  return purged;
}

/** Purges rows until none is due. @returns how many went */
async function each<Row>(list: () => Promise<Row[]>, purge: (row: Row) => Promise<boolean>): Promise<number> {
  let total = 0;
  for (let rows = await list(); rows.length > 0; rows = await list()) {
    let done = 0;
    for (const row of rows) if (await paced(() => purge(row))) done++;
    total += done;
    if (done === 0) break; // the database's clock is behind this one: the next run removes them
  }
  return total;
}

const purgeOne = (db: Db, key: { websiteId: number; conversationId: string }): Promise<boolean> =>
  db.transaction().execute(async tx => {
    const visitorId = await lockExpired(tx, key);
    if (!visitorId) return false;
    const messages = await purgeConversation(tx, key);
    await addToReceipt(tx, { ...key, visitorId, removed: { conversations: 1, messages } });
    const target = { kind: "conversation" as const, id: key.conversationId, name: "" };
    await record(tx, { ...key, action: "conversation.purged", target, details: { messages } });
    return true;
  });

const purgeVisitor = (db: Db, key: { websiteId: number; visitorId: string }): Promise<boolean> =>
  db.transaction().execute(async tx => {
    const requestedAt = await deleteExpiredVisitor(tx, key);
    if (!requestedAt) return false;
    await endExportsOf(tx, key);
    await recordErasure(tx, {
      ...key,
      conversationIds: [],
      requestedAt,
      erasedAt: new Date(),
      removed: { visitors: 1 },
    });
    const target = { kind: "visitor" as const, id: key.visitorId, name: "" };
    await record(tx, { ...key, action: "visitor.purged", target });
    return true;
  });

const purgeMessage = (db: Db, p: DeletedMessage & { websiteId: number; before: Date }): Promise<boolean> =>
  db.transaction().execute(async tx => {
    if (!(await clearDeletedMessage(tx, p))) return false;
    const target = { kind: "conversation" as const, id: p.conversationId, name: "" };
    await record(tx, { websiteId: p.websiteId, action: "message.purged", target, details: { seq: p.seq } });
    return true;
  });

const record = (tx: Db, entry: AuditRecord) => insertAuditEntries(tx, [entryOfSystem("prochat start", entry)]);
