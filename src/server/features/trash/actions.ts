import type { Db } from "#database/connect.ts";
import { AppError } from "#protocol/errors.ts";
import type { ByUser } from "#server/declaration/audit-record.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { type Events, transact } from "#server/declaration/transact.ts";
import {
  type ConversationRow,
  lockConversation,
  notFound,
  publishChanges,
} from "#server/features/conversations/feature.ts";
import { endExportsOfConversation } from "#server/features/exports/feature.ts";
import { lockVisitor } from "#server/features/visitors/feature.ts";
import { notInTrash } from "./not-in-trash.ts";
import { findAny, markDeleted, relinkThread, unmarkDeleted } from "./queries.ts";

type Key = { websiteId: number; conversationId: string };
type Target = Key & { db: Db };

/**
 * Deletes a conversation. It leaves every screen; for `limits.undoDays` days it can be brought back.
 * @throws AppError "not_found"
 */
export const deleteConversation = (ctx: Ctx, by: ByUser, p: Target & { reason: string }): Promise<ConversationRow> =>
  transact(ctx, p.db, async (tx, events) => {
    if (!(await lockConversation(tx, p))) throw notFound();
    await endExportsOfConversation(tx, p);
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
  const row = await findAny(tx, key);
  // The visitor's lock comes first, as in every transaction that takes both.
  if (row && !(await lockVisitor(tx, { ...key, visitorId: row.visitorId }))) throw withVisitor();
  if (!(await unmarkDeleted(tx, key))) {
    throw await notInTrash(tx, {
      ...key,
      kind: "conversation",
      id: key.conversationId,
      deletedAt: row?.deletedAt ?? null,
    });
  }
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
  publishChanges(ctx, events, rows);
  return rows[0]!;
}

const recordOf = ({ websiteId, conversationId }: Key) => ({
  websiteId,
  target: { kind: "conversation" as const, id: conversationId, name: "" },
});

const withVisitor = () =>
  new AppError("conflict", "The visitor of this conversation is in the trash too. Bring the visitor back first.");
