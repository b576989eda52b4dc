import { uuidv7 } from "uuidv7";
import { type Db, queryIn } from "#database/connect.ts";
import type { WebsiteDatabase } from "#database/website-databases.ts";
import type { User } from "#protocol/agents.ts";
import { AppError } from "#protocol/errors.ts";
import type { AgentSent, Message, VisitorSent } from "#protocol/messages.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { transact } from "#server/declaration/transact.ts";
import {
  type ConversationRow,
  findConversation,
  findCurrentConversation,
  insertConversation,
  notFound,
  publishConversation,
  publishMessage,
  sentForAgents,
  sentForVisitor,
  updateConversation,
} from "#server/features/conversations/feature.ts";
import { scheduleMail } from "#server/features/missed-answers/feature.ts";
import { lockVisitor, markReplaced, upsertVisitor, type VisitorFacts } from "#server/features/visitors/feature.ts";
import type { VisitorSession } from "#server/identity/visitor-token.ts";
import type { NewMessage, Written } from "./new-message.ts";
import { restricted } from "./restricted.ts";
import { writeOne } from "./write.ts";
import { write, writeFirst } from "./writer.ts";

type Committed = Extract<Written, { message: object }>;

/**
 * Sends a visitor's message. Begins a conversation if no current one takes it.
 * @param p.conversationId  the one that the client knows; the message may be stored in a newer one
 * @throws AppError "session_expired" for a visitor in the trash: the next session is a new visitor's
 */
export async function sendAsVisitor(
  ctx: Ctx,
  p: {
    database: WebsiteDatabase;
    by: VisitorSession;
    id: string;
    conversationId: string | null;
    body: string;
    facts: VisitorFacts;
  },
): Promise<VisitorSent> {
  const { database, by, facts } = p;
  const newMessage = { websiteId: by.websiteId, id: p.id, kind: "text", body: p.body, author: "visitor" } as const;
  const message = { ...newMessage, conversationId: p.conversationId ?? uuidv7(), authorId: by.visitorId };
  const written = p.conversationId
    ? await write(ctx, database, message)
    : await writeFirst(ctx, database, { ...message, visitor: by, facts });
  const committed = isCommitted(written)
    ? written
    : await writeToThread(ctx, database.db, async tx => {
        const visitorId = await upsertVisitor(tx, by, facts);
        return visitorId ? { ...newMessage, visitorId, authorId: visitorId } : null;
      });
  if (!committed) {
    await markReplaced(database.db, by);
    throw new AppError("session_expired", "This visitor was deleted. Ask for a new session, and send again.");
  }
  const sent = publish(ctx, committed, newMessage, null);
  return sentForVisitor(sent, committed.message.previousPublicSeq, committed.conversation);
}

/**
 * @throws AppError "not_found" if the conversation is not the website's, or the agent is no member any more; "conflict" if
 *   another author's message there has this id; "restricted" if the visitor's data may not be used
 */
export async function sendAsAgent(
  ctx: Ctx,
  p: {
    database: WebsiteDatabase;
    by: User;
    websiteId: number;
    conversationId: string;
    id: string;
    kind: "text" | "note";
    body: string;
  },
): Promise<AgentSent> {
  const { database, by, ...message } = p;
  const newMessage: NewMessage = { ...message, author: "agent", authorId: by.id };
  let written: Written | null = await write(ctx, database, newMessage);
  if (written.outcome === "expired") {
    const { visitorId } = written.conversation;
    written = await writeToThread(ctx, database.db, async tx => {
      return (await lockVisitor(tx, { websiteId: p.websiteId, visitorId })) ? { ...newMessage, visitorId } : null;
    });
  }
  if (written?.outcome === "not_found" && (await findConversation(database.db, p))?.isRestricted) throw restricted();
  const committed = getCommitted(written);
  const { id: conversationId, visitorEmail } = committed.conversation;
  if (ctx.config.mail && visitorEmail && p.kind === "text")
    scheduleMail(ctx.pools.queries, { websiteId: p.websiteId, conversationId }, ctx.log);
  return sentForAgents(ctx, publish(ctx, committed, newMessage, by), committed.conversation);
}

const isCommitted = (written: Written): written is Committed => "message" in written;

function getCommitted(written: Written | null): Committed {
  if (written && isCommitted(written)) return written;
  if (written?.outcome !== "conflict") throw notFound();
  throw new AppError("conflict", "Another message already has this id. Send yours with a new id.");
}

/**
 * Writes to a visitor's newest conversation, or begins the next one.
 * @param prepare  locks the visitor: of two first messages at the same moment, the second one finds the first's conversation.
 *   Null if the visitor is deleted
 * @returns null for a deleted visitor
 */
function writeToThread(
  ctx: Ctx,
  db: Db,
  prepare: (tx: Db) => Promise<(Omit<NewMessage, "conversationId"> & { visitorId: string }) | null>,
): Promise<Committed | null> {
  return transact(ctx, db, async (tx, events) => {
    const newMessage = await prepare(tx);
    if (!newMessage) return null;
    const query = queryIn(tx);
    const current = await findCurrentConversation(tx, newMessage);
    if (current) {
      const written = await writeOne(query, { ...newMessage, conversationId: current.id });
      if (written.outcome !== "expired") return getCommitted(written);
    }
    const conversationId = uuidv7();
    await insertConversation(tx, {
      ...newMessage,
      id: conversationId,
      continuesId: current?.id ?? null,
      assigneeId: current?.assigneeId ?? null,
    });
    const closed = current?.status === "open" ? await close(tx, current) : null;
    if (closed) publishConversation(ctx, events, closed);
    return getCommitted(await writeOne(query, { ...newMessage, conversationId }));
  });
}

/** Resolves a conversation that another one continues. */
async function close(tx: Db, { websiteId, id }: ConversationRow): Promise<ConversationRow | null> {
  const key = { websiteId, conversationId: id };
  await updateConversation(tx, key, { status: "resolved", waiting_since: null });
  return findConversation(tx, key);
}

/** Publishes a committed message. A duplicate was published before; publishing it again does no harm. */
function publish(
  ctx: Ctx,
  written: Committed,
  { id, author }: Pick<NewMessage, "id" | "author">,
  by: User | null,
): Message {
  const { seq, kind, body, createdAt, editedAt, deletedAt, changedVersion, previousPublicSeq } = written.message;
  const message: Message = {
    id,
    conversationId: written.conversation.id,
    seq,
    kind,
    author,
    authorId: by?.id ?? null,
    authorName: by?.name ?? null,
    body,
    details: null,
    createdAt: createdAt.toISOString(),
    editedAt: editedAt?.toISOString() ?? null,
    deletedAt: deletedAt?.toISOString() ?? null,
    changedVersion,
  };
  ctx.metrics.messages.count(author, written.outcome);
  publishMessage(ctx, ctx.bus, message, previousPublicSeq, written.conversation);
  return message;
}
