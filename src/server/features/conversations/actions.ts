import { uuidv7 } from "uuidv7";
import type { Db } from "#database/connect.ts";
import { inserting } from "#database/partitions/missing.ts";
import type { User } from "#protocol/agents.ts";
import { AppError } from "#protocol/errors.ts";
import type { EventDetails, Message } from "#protocol/messages.ts";
import type { Ctx } from "#server/context.ts";
import { findUserName } from "#server/features/accounts/queries.ts";
import { findMembership } from "#server/identity/memberships.ts";
import { publishConversation, publishMessage } from "./events.ts";
import { type ConversationChange, countAfter, insertEvent, lockConversation, updateConversation } from "./queries.ts";
import type { ConversationRow } from "./row.ts";

type Target = { websiteId: number; conversationId: string };

/** Gives a conversation to an agent, or to nobody. @throws AppError "not_found", or "conflict" for a stranger */
export function assign(ctx: Ctx, p: Target & { assigneeId: string | null; by: User }): Promise<ConversationRow> {
  return change(ctx, p, async (tx, row) => {
    if (row.assigneeId === p.assigneeId) return null;
    if (p.assigneeId && !(await findMembership(tx, { websiteId: p.websiteId, userId: p.assigneeId }))) {
      throw new AppError("conflict", "This person does not belong to the website any more. Choose somebody else.");
    }
    const to = p.assigneeId ? { id: p.assigneeId, name: await findUserName(tx, p.assigneeId) } : null;
    return { change: { assignee_id: p.assigneeId }, details: { type: "assigned", to } };
  });
}

export function resolve(ctx: Ctx, p: Target & { by: User }): Promise<ConversationRow> {
  return change(ctx, p, async (_tx, row) =>
    row.status === "resolved"
      ? null
      : { change: { status: "resolved", waiting_since: null }, details: { type: "resolved" } },
  );
}

export function reopen(ctx: Ctx, p: Target & { by: User }): Promise<ConversationRow> {
  return change(ctx, p, async (_tx, row) =>
    row.status === "open" ? null : { change: { status: "open" }, details: { type: "reopened" } },
  );
}

type Decision = { change: ConversationChange; details: EventDetails } | null;

/** Lock, decide, write, tell. Null decides that there is nothing to do: clicking twice is no error. */
async function change(
  ctx: Ctx,
  p: Target & { by: User },
  decide: (tx: Db, row: ConversationRow) => Promise<Decision>,
): Promise<ConversationRow> {
  const { row, message } = await inserting(ctx.db, async tx => {
    const before = await getLocked(tx, p);
    const decision = await decide(tx, before);
    if (!decision) return { row: before, message: null };
    const event = { ...p, id: uuidv7(), seq: before.lastSeq + 1, authorId: p.by.id, details: decision.details };
    await updateConversation(tx, p, decision.change);
    const createdAt = await insertEvent(tx, event);
    const message: Message = {
      id: event.id,
      conversationId: p.conversationId,
      seq: event.seq,
      kind: "event",
      author: "agent",
      authorId: p.by.id,
      authorName: p.by.name,
      body: "",
      details: decision.details,
      createdAt: createdAt.toISOString(),
    };
    return { row: await getLocked(tx, p), message };
  });
  if (message) {
    publishMessage(ctx, message, row.lastPublicSeq, row);
    if (message.details?.type !== "assigned") publishConversation(ctx, row);
  }
  return row;
}

/** Moves a side's cursor forward, never back. @throws AppError "not_found" */
export async function markRead(
  ctx: Ctx,
  p: Target & { seq: number } & ({ side: "agent" } | { side: "visitor"; visitorId: string }),
): Promise<ConversationRow> {
  const { row, changed } = await ctx.db.transaction().execute(async tx => {
    const before = await getLocked(tx, p);
    if (p.side === "visitor" && before.visitorId !== p.visitorId) throw gone();
    const seq = Math.min(p.seq, before.lastSeq);
    if (seq <= (p.side === "agent" ? before.agentReadSeq : before.visitorReadSeq))
      return { row: before, changed: false };
    const unread = await countAfter(tx, { ...p, seq, author: p.side === "agent" ? "visitor" : "agent" });
    await updateConversation(
      tx,
      p,
      p.side === "agent"
        ? { agent_read_seq: seq, agent_unread: unread }
        : { visitor_read_seq: seq, visitor_unread: unread },
    );
    return { row: await getLocked(tx, p), changed: true };
  });
  if (changed) publishConversation(ctx, row);
  return row;
}

async function getLocked(tx: Db, p: Target): Promise<ConversationRow> {
  const row = await lockConversation(tx, p);
  if (!row) throw gone();
  return row;
}

const gone = () => new AppError("not_found", "There is no such conversation here.");
