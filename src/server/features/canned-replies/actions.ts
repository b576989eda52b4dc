import { uuidv7 } from "uuidv7";
import type { Db } from "#database/connect.ts";
import { isRefusedRow } from "#platform/retry.ts";
import type { Role } from "#protocol/agents.ts";
import type { CannedReply, CannedReplyChange, CannedReplyCreate } from "#protocol/canned-replies.ts";
import { AppError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { requireRole } from "#server/declaration/access.ts";
import type { ByUser } from "#server/declaration/audit-record.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { type Events, transact } from "#server/declaration/transact.ts";
import { deleteReply, insertReply, lockReply, updateReply } from "./queries.ts";

/** An agent; the website's replies are for admins to change, one's own for oneself. */
type Agent = ByUser & { role: Role };
type Website = { db: Db; websiteId: number };

/** @throws AppError "conflict" if the shortcut is taken, or there are `limits.cannedRepliesMax` */
export function createReply(ctx: Ctx, by: Agent, { db, websiteId, isOwn, ...texts }: Website & CannedReplyCreate) {
  if (!isOwn) requireRole(by.role, "admin");
  return transact(ctx, db, async (tx, events): Promise<CannedReply> => {
    const reply = { id: uuidv7(), ...texts };
    const count = await insertReply(tx, { websiteId, ownerId: isOwn ? by.user.id : null, ...reply });
    if (count === null) throw shortcutTaken(reply.shortcut);
    if (count > limits.cannedRepliesMax) {
      throw new AppError(
        "conflict",
        `There are ${limits.cannedRepliesMax} canned replies. Delete an unused one first.`,
      );
    }
    record(events, by, websiteId, "canned_reply.created", { ...reply, isOwn });
    return { ...reply, isOwn };
  });
}

/** @throws AppError "not_found", or "conflict" if the shortcut is taken */
export function changeReply(ctx: Ctx, by: Agent, p: Website & { replyId: string; change: CannedReplyChange }) {
  return transact(ctx, p.db, async (tx, events): Promise<CannedReply> => {
    const reply = await lockChangeable(tx, by, p);
    const changed = { ...reply, ...p.change };
    if (changed.shortcut === reply.shortcut && changed.body === reply.body) return reply;
    await updateReply(tx, p, p.change).catch(error => {
      throw isRefusedRow(error) ? shortcutTaken(changed.shortcut) : error;
    });
    record(events, by, p.websiteId, "canned_reply.changed", reply);
    return changed;
  });
}

/** @throws AppError "not_found" */
export function removeReply(ctx: Ctx, by: Agent, p: Website & { replyId: string }): Promise<void> {
  return transact(ctx, p.db, async (tx, events) => {
    const reply = await lockChangeable(tx, by, p);
    await deleteReply(tx, p);
    record(events, by, p.websiteId, "canned_reply.deleted", reply);
  });
}

async function lockChangeable(tx: Db, by: Agent, p: { websiteId: number; replyId: string }): Promise<CannedReply> {
  const reply = await lockReply(tx, { ...p, userId: by.user.id });
  if (!reply) throw new AppError("not_found", "There is no such canned reply. Another agent may have deleted it.");
  if (!reply.isOwn) requireRole(by.role, "admin");
  return reply;
}

type Action = "canned_reply.created" | "canned_reply.changed" | "canned_reply.deleted";

/** The audit log has what concerns all agents. One's own replies are one's own. */
function record(events: Events, by: Agent, websiteId: number, action: Action, reply: CannedReply): void {
  events.publish(`website:${websiteId}`, { event: "canned-replies.changed", data: { websiteId } });
  if (reply.isOwn) return;
  events.audit(by, { websiteId, action, target: { kind: "canned_reply", id: reply.id, name: reply.shortcut } });
}

const shortcutTaken = (shortcut: string) =>
  new AppError("conflict", `There is already a canned reply "/${shortcut}". Choose another shortcut.`);
