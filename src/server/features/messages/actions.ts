import { uuidv7 } from "uuidv7";
import { type Db, queryIn } from "#database/connect.ts";
import { inserting } from "#database/partitions/missing.ts";
import type { User } from "#protocol/agents.ts";
import { AppError } from "#protocol/errors.ts";
import type { AgentSent, Message, VisitorSent } from "#protocol/messages.ts";
import type { Ctx } from "#server/context.ts";
import {
  publishConversation,
  publishMessage,
  sentForAgents,
  sentForVisitor,
} from "#server/features/conversations/events.ts";
import {
  findConversation,
  findCurrentConversation,
  insertConversation,
  updateConversation,
} from "#server/features/conversations/queries.ts";
import type { ConversationRow } from "#server/features/conversations/row.ts";
import { lockVisitor, upsertVisitor, type VisitorFacts } from "#server/features/visitors/queries.ts";
import type { VisitorSession } from "#server/identity/visitor-token.ts";
import { type Draft, type Written, writeOne } from "./write.ts";

type Committed = Extract<Written, { message: object }>;

/**
 * A visitor's message; begins their conversation when there is none to take it.
 * @param p.conversationId  the one they know of; the message may end up in a newer one
 */
export async function sendAsVisitor(
  ctx: Ctx,
  visitor: VisitorSession,
  p: { id: string; conversationId: string | null; body: string; facts: VisitorFacts },
): Promise<VisitorSent> {
  const { websiteId } = visitor;
  const draft = { websiteId, id: p.id, kind: "text", body: p.body, author: "visitor" } as const;
  const known = p.conversationId
    ? await ctx.write({ ...draft, conversationId: p.conversationId, authorId: visitor.visitorId })
    : null;
  const committed =
    known && isCommitted(known)
      ? known
      : await writeToThread(ctx, async tx => {
          const visitorId = await upsertVisitor(tx, visitor, p.facts);
          return { ...draft, visitorId, authorId: visitorId };
        });
  const message = publish(ctx, committed, draft, null);
  return sentForVisitor(message, committed.message.previousPublicSeq, committed.conversation);
}

/**
 * @throws AppError "not_found" when the conversation is not the website's, or the agent no member any more; "conflict"
 *   when the id is that of somebody else's message there
 */
export async function sendAsAgent(
  ctx: Ctx,
  agent: User,
  p: { websiteId: number; conversationId: string; id: string; kind: "text" | "note"; body: string },
): Promise<AgentSent> {
  const draft: Draft = { ...p, author: "agent", authorId: agent.id };
  let written = await ctx.write(draft);
  if (written.outcome === "expired") {
    const { visitorId } = written.conversation;
    written = await writeToThread(ctx, async tx => {
      await lockVisitor(tx, { websiteId: p.websiteId, visitorId });
      return { ...draft, visitorId };
    });
  }
  const committed = getCommitted(written);
  const message = publish(ctx, committed, draft, agent);
  return sentForAgents(ctx, message, committed.conversation);
}

const isCommitted = (written: Written): written is Committed => "message" in written;

function getCommitted(written: Written): Committed {
  if (isCommitted(written)) return written;
  if (written.outcome !== "conflict") throw new AppError("not_found", "There is no such conversation here.");
  throw new AppError("conflict", "Another message has this id already. Send it with an id of its own.");
}

/**
 * Writes to the newest conversation of a visitor's thread, or begins the next one.
 * @param prepare  locks the visitor: of two first messages at once the second finds the first's conversation
 */
async function writeToThread(
  ctx: Ctx,
  prepare: (tx: Db) => Promise<Omit<Draft, "conversationId"> & { visitorId: string }>,
): Promise<Committed> {
  const { committed, closed } = await inserting(ctx.db, async tx => {
    const draft = await prepare(tx);
    const query = queryIn(tx);
    const current = await findCurrentConversation(tx, draft);
    if (current) {
      const written = await writeOne(query, { ...draft, conversationId: current.id });
      if (written.outcome !== "expired") return { committed: getCommitted(written), closed: null };
    }
    const conversationId = uuidv7();
    await insertConversation(tx, {
      ...draft,
      id: conversationId,
      continuesId: current?.id ?? null,
      assigneeId: current?.assigneeId ?? null,
    });
    const closed = current?.status === "open" ? await close(tx, current) : null;
    return { committed: getCommitted(await writeOne(query, { ...draft, conversationId })), closed };
  });
  if (closed) publishConversation(ctx, closed);
  return committed;
}

/** A conversation that another continues is done with. */
async function close(tx: Db, { websiteId, id }: ConversationRow): Promise<ConversationRow | null> {
  const key = { websiteId, conversationId: id };
  await updateConversation(tx, key, { status: "resolved", waiting_since: null });
  return findConversation(tx, key);
}

/** Tells a new message; one that was known already was told before, and telling it again does no harm. */
function publish(
  ctx: Ctx,
  written: Committed,
  draft: { id: string; author: Draft["author"] },
  by: User | null,
): Message {
  const { seq, kind, body, createdAt, previousPublicSeq } = written.message;
  const message: Message = {
    id: draft.id,
    conversationId: written.conversation.id,
    seq,
    kind,
    author: draft.author,
    authorId: by?.id ?? null,
    authorName: by?.name ?? null,
    body,
    details: null,
    createdAt: createdAt.toISOString(),
  };
  ctx.metrics.messages.count(draft.author, written.outcome);
  publishMessage(ctx, message, previousPublicSeq, written.conversation);
  return message;
}
