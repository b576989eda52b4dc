import type { Db } from "#database/connect.ts";
import { dayOf, purgedAt } from "#database/lifecycle/undoable.ts";
import { queueMessages } from "#database/search/index-queries.ts";
import type { Role } from "#protocol/agents.ts";
import { AppError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { AuditRecord, By } from "#server/declaration/audit-record.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { transact } from "#server/declaration/transact.ts";
import {
  type ChangedMessage,
  findConversation,
  lockConversation,
  publishChangedMessage,
  recordMessageChange,
} from "#server/features/conversations/feature.ts";
import { isOwn, notFound } from "./change.ts";
import { findMessage, unmarkMessageDeleted } from "./change-queries.ts";
import { asMessage, type MessageRow } from "./message.ts";

type Key = { websiteId: number; conversationId: string; id: string };
type MayRestore = (message: MessageRow, visitorId: string) => boolean;

/**
 * Brings a deleted message back, for its author, and for the website's admins. One that is not deleted stays as it is.
 * @param p.role  of an agent
 * @throws AppError "not_found" if there is no such message, the caller may not, or its text is gone
 */
export function restoreMessage(ctx: Ctx, p: Key & { db: Db; by: By; role?: Role }): Promise<ChangedMessage> {
  const isAdmin = p.role === "admin" || p.role === "owner";
  return transact(ctx, p.db, async (tx, events) => {
    const { changed, record } = await bringMessageBack(
      tx,
      p,
      (found, visitorId) => isAdmin || isOwn(p.by, visitorId, found),
    );
    if (record) {
      events.audit(p.by, record);
      publishChangedMessage(ctx, events, changed);
    }
    return changed;
  });
}

type Back = { changed: ChangedMessage; record: AuditRecord | null };

/** As restoreMessage, for those who publish and record by themselves. @returns `record`: null if nothing changed */
export async function bringMessageBack(tx: Db, key: Key, may: MayRestore = () => true): Promise<Back> {
  const before = await lockConversation(tx, key);
  const found = before && (await findMessage(tx, key));
  if (!found || !may(found, before.visitorId)) throw notFound();
  const prevChanged = before.changedVersion;
  if (!found.deletedAt) {
    return { changed: { message: asMessage(found, key.conversationId), prevChanged, row: before }, record: null };
  }
  if (!(await unmarkMessageDeleted(tx, { ...key, seq: found.seq, changedVersion: before.version + 1 }))) {
    throw new AppError(
      "not_found",
      `The text of this message went for good on ${dayOf(purgedAt(new Date(found.deletedAt)))}, ` +
        `${limits.undoDays} days after its deletion.`,
    );
  }
  await queueMessages(tx, { ...key, seqs: [found.seq] });
  await recordMessageChange(tx, key);
  const message = asMessage((await findMessage(tx, key))!, key.conversationId);
  const author = message.author === "visitor" ? ("visitor" as const) : ("agent" as const);
  return {
    changed: { message, prevChanged, row: (await lockConversation(tx, key))! },
    record: {
      websiteId: key.websiteId,
      action: "message.restored",
      target: { kind: "conversation", id: key.conversationId, name: "" },
      details: { messageId: key.id, author },
    },
  };
}

/** Publishes a message that was brought back by the command line. */
export async function publishMessageBack(ctx: Ctx, db: Db, key: Key & { prevChanged: number }): Promise<void> {
  const [row, found] = [await findConversation(db, key), await findMessage(db, key)];
  if (!row || !found) return; // deleted meanwhile
  const message = asMessage(found, key.conversationId);
  publishChangedMessage(ctx, ctx.bus, { message, prevChanged: key.prevChanged, row });
}
