import { uuidv7 } from "uuidv7";
import type { Db } from "#database/connect.ts";
import type { User } from "#protocol/agents.ts";
import { AppError } from "#protocol/errors.ts";
import type { EventDetails, Message } from "#protocol/messages.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { type Events, transact } from "#server/declaration/transact.ts";
import { lockMember } from "#server/identity/memberships.ts";
import { type ConversationChange, countAfter, insertEvent, lockConversation, updateConversation } from "./queries.ts";
import type { ConversationRow } from "./row.ts";
import { publishConversation, publishMessage, publishToAgents, publishToVisitor } from "./view.ts";

type Target = { db: Db; websiteId: number; conversationId: string };

/** Assigns a conversation to an agent; null: to no agent. @throws AppError "not_found", or "conflict" for a stranger */
export function assign(ctx: Ctx, p: Target & { assigneeId: string | null; by: User }): Promise<ConversationRow> {
  return change(ctx, p, async (tx, row) => {
    if (row.assigneeId === p.assigneeId) return null;
    const to = p.assigneeId && (await lockMember(tx, { websiteId: p.websiteId, userId: p.assigneeId }));
    if (p.assigneeId && !to) {
      throw new AppError("conflict", "This person is not an agent of the website any more. Choose another agent.");
    }
    return { change: { assignee_id: p.assigneeId }, details: { type: "assigned", to: to || null } };
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

/** Lock, decide, write, record the event. If the decision is null, nothing changes: clicking twice is no error. */
function change(
  ctx: Ctx,
  p: Target & { by: User },
  decide: (tx: Db, row: ConversationRow) => Promise<Decision>,
): Promise<ConversationRow> {
  return transact(ctx, p.db, async (tx, events) => {
    const before = await getLocked(tx, p);
    const decision = await decide(tx, before);
    if (!decision) return before;
    await updateConversation(tx, p, decision.change);
    const message = await writeEvent(tx, { ...p, seq: before.lastSeq + 1, details: decision.details });
    const row = await getLocked(tx, p);
    publishMessage(ctx, events, message, row.lastPublicSeq, row);
    // Agents get the row with the message. A visitor sees neither the message nor the assignee.
    if (decision.details.type !== "assigned") publishToVisitor(events, row);
    return row;
  });
}

async function writeEvent(tx: Db, p: Target & { seq: number; by: User; details: EventDetails }): Promise<Message> {
  const event = { ...p, id: uuidv7(), authorId: p.by.id };
  const createdAt = await insertEvent(tx, event);
  return {
    id: event.id,
    conversationId: p.conversationId,
    seq: p.seq,
    kind: "event",
    author: "agent",
    authorId: p.by.id,
    authorName: p.by.name,
    body: "",
    details: p.details,
    createdAt: createdAt.toISOString(),
    editedAt: null,
    deletedAt: null,
    changedVersion: null,
  };
}

/** Moves the read cursor of one side forward, never back. @throws AppError "not_found" */
export function markRead(
  ctx: Ctx,
  p: Target & { seq: number } & ({ side: "agent" } | { side: "visitor"; visitorId: string }),
): Promise<ConversationRow> {
  return transact(ctx, p.db, async (tx, events) => {
    const before = await getLocked(tx, p);
    if (p.side === "visitor" && before.visitorId !== p.visitorId) throw notFound();
    const seq = Math.min(p.seq, before.lastSeq);
    if (seq <= (p.side === "agent" ? before.agentReadSeq : before.visitorReadSeq)) return before;
    await updateConversation(tx, p, await readTo(tx, { ...p, seq }));
    const row = await getLocked(tx, p);
    publishConversation(ctx, events, row);
    return row;
  });
}

async function readTo(tx: Db, p: Target & { seq: number; side: "agent" | "visitor" }): Promise<ConversationChange> {
  const unread = await countAfter(tx, { ...p, author: p.side === "agent" ? "visitor" : "agent" });
  return p.side === "agent"
    ? { agent_read_seq: p.seq, agent_unread: unread }
    : { visitor_read_seq: p.seq, visitor_unread: unread };
}

async function getLocked(tx: Db, p: Target): Promise<ConversationRow> {
  const row = await lockConversation(tx, p);
  if (!row) throw notFound();
  return row;
}

/** For a conversation that does not exist, and for one that the caller may not see. */
export const notFound = () => new AppError("not_found", "There is no such conversation here.");

/** For other nouns: changes a conversation's row under its lock, and publishes it to agents. @throws AppError "not_found" */
export function changeConversation(
  ctx: Ctx,
  p: Target,
  decide: (tx: Db, row: ConversationRow) => Promise<ConversationChange>,
): Promise<ConversationRow> {
  return transact(ctx, p.db, async (tx, events) => {
    await updateConversation(tx, p, await decide(tx, await getLocked(tx, p)));
    const row = await getLocked(tx, p);
    publishToAgents(ctx, events, row);
    return row;
  });
}

/** Publishes conversations that were changed in a larger transaction. */
export function publishChanges(ctx: Ctx, events: Events, rows: ConversationRow[]): void {
  for (const row of rows) publishConversation(ctx, events, row);
}
