import type { Db } from "#database/connect.ts";
import { listWebsiteIds } from "#database/lifecycle/counters.ts";
import { listDeleted } from "#database/lifecycle/deleted.ts";
import { AppError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { insertAuditEntries } from "#server/declaration/audit-entries.ts";
import { type ByUser, entryOfSystem } from "#server/declaration/audit-record.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { type Events, transact } from "#server/declaration/transact.ts";
import {
  type ConversationRow,
  lockConversation,
  notFound,
  publishConversation,
} from "#server/features/conversations/feature.ts";
import { findAny, lockExpired, markDeleted, purgeConversation, relinkThread, unmarkDeleted } from "./queries.ts";

type Key = { websiteId: number; conversationId: string };
type Target = Key & { db: Db };

/**
 * Deletes a conversation. It leaves every screen; for `limits.undoDays` days it can be brought back.
 * @throws AppError "not_found"
 */
export const deleteConversation = (ctx: Ctx, by: ByUser, p: Target & { reason: string }): Promise<ConversationRow> =>
  transact(ctx, p.db, async (tx, events) => {
    if (!(await lockConversation(tx, p))) throw notFound();
    await markDeleted(tx, { ...p, by: by.user.id });
    events.audit(by, { ...recordOf(p), action: "conversation.deleted", details: { reason: p.reason } });
    return publish(ctx, events, await relink(tx, p));
  });

/** @throws AppError "not_found" if it is not in the trash */
export const restoreConversation = (ctx: Ctx, by: ByUser, p: Target): Promise<ConversationRow> =>
  transact(ctx, p.db, async (tx, events) => {
    events.audit(by, restored(p));
    return publish(ctx, events, await restore(tx, p));
  });

/** As restoreConversation, for those who publish and record by themselves. @returns the rows that changed, its own first */
export async function restore(tx: Db, key: Key): Promise<ConversationRow[]> {
  if (!(await unmarkDeleted(tx, key))) throw notInTrash();
  return relink(tx, key);
}

export const restored = (key: Key) => ({ ...recordOf(key), action: "conversation.restored" as const });

/** @returns the conversation, and the one after it in the visitor's thread if that continues another one now */
async function relink(tx: Db, key: Key): Promise<ConversationRow[]> {
  const { visitorId } = (await findAny(tx, key))!;
  const linked = await relinkThread(tx, { ...key, visitorId });
  const ids = [key.conversationId, ...linked.filter(id => id !== key.conversationId)];
  return Promise.all(ids.map(async conversationId => (await findAny(tx, { ...key, conversationId }))!));
}

function publish(ctx: Ctx, events: Events, rows: ConversationRow[]): ConversationRow {
  for (const row of rows) publishConversation(ctx, events, row);
  return rows[0]!;
}

const batchSize = 100;

/**
 * Removes for good what was deleted more than `limits.undoDays` ago, a conversation a transaction: it can be stopped at any
 * time. @returns how many conversations
 */
export async function purgeTrash(db: Db): Promise<number> {
  const before = new Date(Date.now() - limits.undoDays * 86_400_000);
  let purged = 0;
  for (const websiteId of await listWebsiteIds(db)) {
    let rows = await listDeleted(db, { websiteId, before, limit: batchSize });
    while (rows.length > 0) {
      let done = 0;
      for (const { conversationId } of rows) if (await purge(db, { websiteId, conversationId })) done++;
      purged += done;
      if (done === 0) break; // the database's clock is behind this one: the next run removes them
      rows = await listDeleted(db, { websiteId, before, limit: batchSize });
    }
  }
  return purged;
}

const purge = (db: Db, key: Key): Promise<boolean> =>
  db.transaction().execute(async tx => {
    if (!(await lockExpired(tx, key))) return false;
    const messages = await purgeConversation(tx, key);
    const record = { ...recordOf(key), action: "conversation.purged" as const, details: { messages } };
    await insertAuditEntries(tx, [entryOfSystem("prochat start", record)]);
    return true;
  });

const recordOf = ({ websiteId, conversationId }: Key) => ({
  websiteId,
  target: { kind: "conversation" as const, id: conversationId, name: "" },
});

const notInTrash = () =>
  new AppError(
    "not_found",
    `This conversation is not in the trash. It was brought back, or ${limits.undoDays} days have passed and it is deleted ` +
      "for good: see the audit log.",
  );
