import type { Db } from "#database/connect.ts";
import { queueMessages } from "#database/search/index-queries.ts";
import { AppError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { By } from "#server/declaration/audit-record.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { type Events, transact } from "#server/declaration/transact.ts";
import {
  type ChangedMessage,
  lockConversation,
  publishChangedMessage,
  recordMessageChange,
} from "#server/features/conversations/feature.ts";
import { findMessage, updateMessage } from "./change-queries.ts";
import { asMessage, type MessageRow } from "./message.ts";
import { restricted } from "./restricted.ts";

type Change = {
  db: Db;
  /** the author */
  by: By;
  websiteId: number;
  conversationId: string;
  id: string;
  /** null deletes the message */
  body: string | null;
};

/**
 * Edits or deletes a message of its author. A repeated request is no error and changes nothing.
 * @throws AppError "not_found" if there is no such message of the author, "conflict" for an edit of a deleted message,
 *   "too_late" for a visitor after `limits.visitorEditMs`, "restricted" for an agent's edit if the visitor's data may not be
 *   used; a deletion is allowed then
 */
export function changeMessage(ctx: Ctx, p: Change): Promise<ChangedMessage> {
  return transact(ctx, p.db, async (tx, events) => {
    const before = await lockConversation(tx, p);
    const found = before && (await findMessage(tx, p));
    if (!found || !isOwn(p.by, before.visitorId, found)) throw notFound();
    const prevChanged = before.changedVersion;
    if (isDone(found, p.body)) return { message: asMessage(found, p.conversationId), prevChanged, row: before };
    if (p.by.user && p.body !== null && before.isRestricted) throw restricted();
    requireChangeable(p.by, found);
    await updateMessage(tx, { ...p, seq: found.seq, changedVersion: before.version + 1 });
    await queueMessages(tx, { ...p, seqs: [found.seq] });
    await recordMessageChange(tx, p);
    const message = asMessage((await findMessage(tx, p))!, p.conversationId);
    const changed = { message, prevChanged, row: (await lockConversation(tx, p))! };
    publishChangedMessage(ctx, events, changed);
    if (p.body === null) auditDeletion(events, p, found);
    return changed;
  });
}

/** Events record what happened, so they cannot be changed. */
export function isOwn({ user, visitor }: By, visitorId: string, { kind, author, authorId }: MessageRow): boolean {
  if (kind !== "text" && kind !== "note") return false;
  if (visitor) return author === "visitor" && visitorId === visitor.visitorId;
  return author === "agent" && authorId === user?.id;
}

const isDone = (message: MessageRow, body: string | null) =>
  body === null ? message.deletedAt !== null : message.deletedAt === null && message.body === body;

function requireChangeable({ visitor }: By, message: MessageRow & { isOld: boolean }): void {
  if (message.deletedAt) throw new AppError("conflict", "This message was deleted. Write a new one.");
  if (visitor && message.isOld) {
    throw new AppError("too_late", `Messages can be changed for ${limits.visitorEditMs / 60_000} minutes.`);
  }
}

function auditDeletion(events: Events, { by, websiteId, conversationId, id }: Change, { author }: MessageRow) {
  events.audit(by, {
    websiteId,
    action: "message.deleted",
    target: { kind: "conversation", id: conversationId, name: "" },
    details: { messageId: id, author: author === "visitor" ? "visitor" : "agent" },
  });
}

export const notFound = () => new AppError("not_found", "There is no such message of yours here.");
