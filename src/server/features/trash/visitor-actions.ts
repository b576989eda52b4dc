import type { Db } from "#database/connect.ts";
import { recordDeletion, recordUndo } from "#database/privacy/erasures.ts";
import { AppError } from "#protocol/errors.ts";
import type { VisitorDeleted } from "#protocol/trash.ts";
import type { AuditRecord, By } from "#server/declaration/audit-record.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { type Events, transact } from "#server/declaration/transact.ts";
import {
  type ConversationRow,
  mergeVisitors,
  publishChanges,
  relinkThreadOf,
} from "#server/features/conversations/feature.ts";
import { endExportsOf } from "#server/features/exports/feature.ts";
import { lockVisitor } from "#server/features/visitors/feature.ts";
import { notInTrash } from "./not-in-trash.ts";
import { listAny } from "./queries.ts";
import {
  lockDeletedVisitor,
  lockNewcomer,
  markTheirsDeleted,
  markVisitorDeleted,
  unmarkTheirsDeleted,
  unmarkVisitorDeleted,
} from "./visitor-queries.ts";

type Key = { websiteId: number; visitorId: string };
type Target = Key & { db: Db };

/**
 * Deletes a visitor with all of their conversations. For `limits.undoDays` days they can be brought back as they were; those
 * that were deleted before stay in the trash by themselves. Who writes meanwhile with the token of a deleted visitor, or as
 * the same logged-in person, is a new visitor.
 * @param by  an agent, or the visitor
 * @throws AppError "not_found"
 */
export const deleteVisitor = (ctx: Ctx, by: By, p: Target & { reason: string }): Promise<VisitorDeleted> =>
  transact(ctx, p.db, async (tx, events) => {
    const { ids, externalId } = await markDeleted(tx, { ...p, by: by.user?.id ?? null });
    const details = { reason: p.reason, conversations: ids.length };
    events.audit(by, { ...recordOf(p), action: "visitor.deleted", details });
    publishVisitor(ctx, events, p, { rows: await listAny(tx, { ...p, ids }), externalId });
    return { conversations: ids.length };
  });

type Deletion = Key & { by: string | null; reason: string };

/** As deleteVisitor, for those who publish and record by themselves. @returns the conversations that went */
export async function markDeleted(tx: Db, p: Deletion): Promise<{ ids: string[]; externalId: string | null }> {
  if (!(await lockVisitor(tx, p))) throw noVisitor();
  await endExportsOf(tx, p);
  const externalId = await markVisitorDeleted(tx, p);
  const ids = await markTheirsDeleted(tx, p);
  await recordDeletion(tx, { ...p, conversationIds: ids, at: null });
  return { ids, externalId };
}

/** @throws AppError "not_found" if they are not in the trash */
export const restoreVisitor = (ctx: Ctx, by: By, p: Target): Promise<VisitorDeleted> =>
  transact(ctx, p.db, async (tx, events) => {
    const restored = await bringBackVisitor(tx, p);
    events.audit(by, restored.record);
    publishVisitor(ctx, events, p, restored);
    return { conversations: restored.rows.length };
  });

type Restored = { rows: ConversationRow[]; externalId: string | null };

/** As restoreVisitor, for those who publish and record by themselves. */
export async function bringBackVisitor(tx: Db, key: Key): Promise<Restored & { record: AuditRecord }> {
  const trashed = await lockDeletedVisitor(tx, key);
  const externalId = trashed?.externalId ?? null;
  // Before the row has its external id again: two rows cannot have it.
  const newcomer = trashed && externalId ? await lockNewcomer(tx, { ...key, externalId }) : null;
  const taken = newcomer ? await mergeVisitors(tx, { ...key, from: newcomer, to: key.visitorId }) : [];
  if (!trashed || !(await unmarkVisitorDeleted(tx, key))) {
    throw await notInTrash(tx, { ...key, kind: "visitor", id: key.visitorId, deletedAt: trashed?.deletedAt ?? null });
  }
  const ids = await unmarkTheirsDeleted(tx, key);
  await recordUndo(tx, key);
  if (taken.length > 0) await relinkThreadOf(tx, key);
  const rows = await listAny(tx, { ...key, ids: [...ids, ...taken] });
  const details = { conversations: ids.length };
  return { rows, externalId, record: { ...recordOf(key), action: "visitor.restored", details } };
}

/** To every open screen: of the website's agents, and of the visitor. */
export function publishVisitor(ctx: Ctx, events: Pick<Events, "publish">, { websiteId }: Key, p: Restored): void {
  publishChanges(ctx, events, p.rows);
  if (p.externalId) events.publish("visitor-row", { websiteId, externalId: p.externalId });
}

const recordOf = ({ websiteId, visitorId }: Key) => ({
  websiteId,
  target: { kind: "visitor" as const, id: visitorId, name: "" },
});

const noVisitor = () => new AppError("not_found", "There is no such visitor here.");
