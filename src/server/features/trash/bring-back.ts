import type { Db } from "#database/connect.ts";
import type { TrashEntry } from "#protocol/trash.ts";
import type { AuditRecord } from "#server/declaration/audit-record.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { publishChanges } from "#server/features/conversations/feature.ts";
import { bringMessageBack, publishMessageBack } from "#server/features/messages/feature.ts";
import { restore, restored } from "./actions.ts";
import { findDeletedMessage, findKind, listAny } from "./queries.ts";
import { bringBackVisitor } from "./visitor-actions.ts";
import { publishWebsite } from "./website-actions.ts";

/** What was brought back by the command line, for the servers that publish it: ids only. */
export type BroughtBack = {
  websiteId: number;
  /** whose rows have changed */
  conversationIds: string[];
  /** of a logged-in visitor */
  externalId?: string | null;
  /** of a website that came back */
  memberIds?: string[];
  /** with the `changedVersion` of its conversation before */
  message?: { conversationId: string; id: string; prevChanged: number };
};

export type Back = { kind: TrashEntry["kind"]; record: AuditRecord; broughtBack: BroughtBack };

/**
 * Brings back whatever has this id, for those who do not know its kind.
 * @throws AppError "not_found" if it is not in the trash, with the day on which it went
 */
export async function bringBackAny(tx: Db, { websiteId, id }: { websiteId: number; id: string }): Promise<Back> {
  const kind = await findKind(tx, { websiteId, id });
  if (kind === "visitor") {
    const { record, rows, externalId } = await bringBackVisitor(tx, { websiteId, visitorId: id });
    return { kind, record, broughtBack: { websiteId, conversationIds: rows.map(row => row.id), externalId } };
  }
  const message = kind === null ? await findDeletedMessage(tx, { websiteId, id }) : null;
  if (message) {
    const { record, changed } = await bringMessageBack(tx, message);
    const { prevChanged } = changed;
    const broughtBack = { websiteId, conversationIds: [], message: { ...message, prevChanged } };
    return { kind: "message", record: record!, broughtBack };
  }
  const key = { websiteId, conversationId: id };
  const rows = await restore(tx, key);
  return {
    kind: "conversation",
    record: restored(key),
    broughtBack: { websiteId, conversationIds: rows.map(row => row.id) },
  };
}

/** Publishes what the command line has brought back to every open screen, as the command of a screen does. */
export async function publishBroughtBack(ctx: Ctx, p: BroughtBack): Promise<void> {
  const { websiteId, externalId, message } = p;
  const { db } = ctx.database({ websiteId });
  publishChanges(ctx, ctx.bus, await listAny(db, { websiteId, ids: p.conversationIds }));
  if (externalId) ctx.bus.publish("visitor-row", { websiteId, externalId });
  if (p.memberIds) publishWebsite(ctx.bus, websiteId, p.memberIds);
  if (message) await publishMessageBack(ctx, db, { websiteId, ...message });
}
