import type { AgentSent, Message, VisitorSent } from "#protocol/messages.ts";
import type { Ctx } from "#server/context.ts";
import { type ConversationRow, forAgents, forVisitor } from "./row.ts";

type Tells = Pick<Ctx, "bus" | "presence">;

export const shownToAgents = ({ presence }: Tells, row: ConversationRow) =>
  forAgents(row, presence.isVisitorOnline(row.websiteId, row.visitorId));

/** A visitor sees what was said to them: no notes, no events. */
export const isPublic = (message: Pick<Message, "kind">) => message.kind === "text" || message.kind === "file";

export const sentForAgents = (tells: Tells, message: Message, row: ConversationRow): AgentSent => ({
  message,
  prev: message.seq - 1,
  conversation: shownToAgents(tells, row),
});

export const sentForVisitor = (message: Message, prev: number, row: ConversationRow): VisitorSent => ({
  message,
  prev,
  conversation: forVisitor(row),
});

/**
 * Tells a committed message to the website's agents, and to the visitor what they may see.
 * @param previousPublicSeq  the message before it that visitors may see
 */
export function publishMessage(ctx: Tells, message: Message, previousPublicSeq: number, row: ConversationRow): void {
  ctx.bus.publish(`website:${row.websiteId}`, {
    event: "message.created",
    data: sentForAgents(ctx, message, row),
  });
  if (!isPublic(message)) return;
  ctx.bus.publish(`visitor:${row.websiteId}:${row.visitorId}`, {
    event: "message.created",
    data: sentForVisitor(message, previousPublicSeq, row),
  });
}

/** Tells what changed of a conversation besides its messages. */
export function publishConversation(ctx: Tells, row: ConversationRow): void {
  ctx.bus.publish(`website:${row.websiteId}`, {
    event: "conversation.changed",
    data: { conversation: shownToAgents(ctx, row) },
  });
  ctx.bus.publish(`visitor:${row.websiteId}:${row.visitorId}`, {
    event: "conversation.changed",
    data: { conversation: forVisitor(row) },
  });
}
