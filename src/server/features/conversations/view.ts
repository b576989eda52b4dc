import type { Conversation, VisitorConversation } from "#protocol/conversations.ts";
import type { AgentChanged, AgentSent, Message, VisitorChanged, VisitorSent } from "#protocol/messages.ts";
import type { Ctx } from "#server/declaration/context.ts";
import type { Publisher } from "#server/declaration/transact.ts";
import type { ConversationRow } from "./row.ts";

type Presence = Pick<Ctx, "presence">;

/** As agents see it. */
export const forAgents = ({ presence }: Presence, row: ConversationRow): Conversation => ({
  ...common(row),
  websiteId: row.websiteId,
  lastSeq: row.lastSeq,
  unread: row.agentUnread,
  visitor: {
    id: row.visitorId,
    name: row.deletedAt ? null : row.visitorName,
    email: row.deletedAt ? null : row.visitorEmail,
    online: presence.isVisitorOnline(row.websiteId, row.visitorId),
  },
  assignee: row.assigneeId ? { id: row.assigneeId, name: row.assigneeName ?? "" } : null,
  preview: row.deletedAt ? "" : row.preview,
  previewAuthor: row.previewAuthor,
  waitingSince: row.waitingSince?.toISOString() ?? null,
  tagIds: row.tagIds,
  isRestricted: row.isRestricted,
});

/** As its visitor sees it: without the assignee, and notes are not counted. */
export const forVisitor = (row: ConversationRow): VisitorConversation => ({
  ...common(row),
  hasEmail: row.visitorEmail !== null,
  lastSeq: row.lastPublicSeq,
  unread: row.visitorUnread,
});

const common = (row: ConversationRow) => ({
  id: row.id,
  version: row.version,
  changedVersion: row.changedVersion,
  status: row.status,
  agentReadSeq: row.agentReadSeq,
  visitorReadSeq: row.visitorReadSeq,
  lastMessageAt: row.lastMessageAt.toISOString(),
  createdAt: row.createdAt.toISOString(),
  continuesId: row.continuesId,
  deletedAt: row.deletedAt?.toISOString() ?? null,
});

/** True for messages that visitors may see: neither notes nor events. */
export const isPublic = (message: Pick<Message, "kind">) => message.kind === "text" || message.kind === "file";

export const sentForAgents = (ctx: Presence, message: Message, row: ConversationRow): AgentSent => ({
  message,
  prev: message.seq - 1,
  conversation: forAgents(ctx, row),
});

export const sentForVisitor = (message: Message, prev: number, row: ConversationRow): VisitorSent => ({
  message,
  prev,
  conversation: forVisitor(row),
});

/**
 * Publishes a committed message to the website's agents, and to the visitor if they may see it.
 * @param previousPublicSeq  the message before it that visitors may see
 */
export function publishMessage(
  ctx: Presence,
  events: Publisher,
  message: Message,
  previousPublicSeq: number,
  row: ConversationRow,
): void {
  events.publish(`website:${row.websiteId}`, {
    event: "message.created",
    data: sentForAgents(ctx, message, row),
  });
  if (!isPublic(message)) return;
  events.publish(`visitor:${row.websiteId}:${row.visitorId}`, {
    event: "message.created",
    data: sentForVisitor(message, previousPublicSeq, row),
  });
}

/** `prevChanged` is the conversation's `changedVersion` before the change. */
export type ChangedMessage = { message: Message; prevChanged: number; row: ConversationRow };

export const changedForAgents = (ctx: Presence, { row, ...changed }: ChangedMessage): AgentChanged => ({
  ...changed,
  conversation: forAgents(ctx, row),
});

export const changedForVisitor = ({ row, ...changed }: ChangedMessage): VisitorChanged => ({
  ...changed,
  conversation: forVisitor(row),
});

/** Publishes a message that was edited or deleted to those who may see it. */
export function publishChangedMessage(ctx: Presence, events: Publisher, changed: ChangedMessage): void {
  const { row, message } = changed;
  events.publish(`website:${row.websiteId}`, { event: "message.changed", data: changedForAgents(ctx, changed) });
  if (!isPublic(message)) return;
  events.publish(`visitor:${row.websiteId}:${row.visitorId}`, {
    event: "message.changed",
    data: changedForVisitor(changed),
  });
}

/** Publishes a conversation's row to agents and visitor, after a change that is no message. */
export function publishConversation(ctx: Presence, events: Publisher, row: ConversationRow): void {
  publishToAgents(ctx, events, row);
  publishToVisitor(events, row);
}

/** For a change that visitors do not see. */
export function publishToAgents(ctx: Presence, events: Publisher, row: ConversationRow): void {
  events.publish(`website:${row.websiteId}`, {
    event: "conversation.changed",
    data: { conversation: forAgents(ctx, row) },
  });
}

/** For a visitor who may not see the conversation any more. */
export const publishDeleted = (events: Publisher, row: ConversationRow): void =>
  publishToVisitor(events, { ...row, deletedAt: new Date() });

/** For a change that agents get with another event. */
export function publishToVisitor(events: Publisher, row: ConversationRow): void {
  events.publish(`visitor:${row.websiteId}:${row.visitorId}`, {
    event: "conversation.changed",
    data: { conversation: forVisitor(row) },
  });
}
