import { z } from "zod";
import { queriesOf } from "#database/query-plans/define-query.ts";
import { Seq, Uuid, WebsiteId } from "#protocol/basics.ts";
import { Assign, ConversationChanged, ConversationShown, VisitorConversation } from "#protocol/conversations.ts";
import { defineCommand, defineSocketCommand } from "#server/declaration/command.ts";
import type { Feature } from "#server/declaration/feature.ts";
import { getVisitor } from "#server/features/visitors/feature.ts";
import { changeConversation, publishChanges } from "./actions.ts";
import * as acts from "./acts.ts";
import { assign, reopen, resolve } from "./acts.ts";
import { lockConversations, readConversations, splitRepeated } from "./batch.ts";
import * as merging from "./merge-visitors.ts";
import { mergeVisitors } from "./merge-visitors.ts";
import * as messageChanges from "./message-changes.ts";
import { recordMessageChange } from "./message-changes.ts";
import * as queries from "./queries.ts";
import {
  findConversation,
  findCurrentConversation,
  insertConversation,
  lockConversation,
  raiseVersionsOf,
  unassignAll,
  updateConversation,
} from "./queries.ts";
import * as readMarks from "./read-marks.ts";
import { markRead } from "./read-marks.ts";
import { type ConversationRow, notFound, selectConversations } from "./row.ts";
import * as threads from "./threads.ts";
import { listThreads, relinkThreadOf } from "./threads.ts";
import {
  type ChangedMessage,
  changedForAgents,
  changedForVisitor,
  forAgents,
  forVisitor,
  publishChangedMessage,
  publishConversation,
  publishDeleted,
  publishMessage,
  sentForAgents,
  sentForVisitor,
} from "./view.ts";

const target = z.object({ websiteId: WebsiteId, conversationId: Uuid });
const path = "/websites/:websiteId/conversations/:conversationId";
const visitorTarget = z.object({ conversationId: Uuid });
const visitorPath = "/widget/conversations/:conversationId";

const show = defineCommand({
  name: "conversation.show",
  summary: "A conversation and its visitor.",
  access: "agent",
  http: { method: "GET", path },
  params: target,
  answer: ConversationShown,
  async handle(ctx, { db, params }) {
    const row = await findConversation(db, params);
    if (!row) throw notFound();
    const conversation = forAgents(ctx, row);
    const visitor = await getVisitor(db, row);
    return { conversation, visitor: { ...visitor, online: conversation.visitor.online } };
  },
});

const assignTo = defineCommand({
  name: "conversation.assign",
  summary: "Assign a conversation to an agent; null: to no agent.",
  access: "agent",
  http: { method: "POST", path: `${path}/assign` },
  socket: true,
  params: target.extend(Assign.shape),
  example: { assigneeId: null },
  answer: ConversationChanged,
  handle: async (ctx, { database, user, params }) => ({
    conversation: forAgents(ctx, await assign(ctx, { database, ...params, by: user })),
  }),
});

const changeStatus = (verb: "resolve" | "reopen", summary: string, act: typeof resolve) =>
  defineCommand({
    name: `conversation.${verb}`,
    summary,
    access: "agent",
    http: { method: "POST", path: `${path}/${verb}` },
    socket: true,
    params: target,
    answer: ConversationChanged,
    handle: async (ctx, { database, user, params }) => ({
      conversation: forAgents(ctx, await act(ctx, { database, ...params, by: user })),
    }),
  });

const read = defineCommand({
  name: "conversation.read",
  summary: "The website's agents have read up to a message.",
  access: "agent",
  http: { method: "POST", path: `${path}/read` },
  socket: true,
  params: target.extend({ seq: Seq }),
  example: { seq: 1 },
  answer: ConversationChanged,
  handle: async (ctx, { database, params }) => ({
    conversation: forAgents(ctx, await markRead(ctx, database, { ...params, visitorId: null })),
  }),
});

const readAsVisitor = defineCommand({
  name: "conversation.read",
  summary: "The visitor has read up to a message.",
  access: "visitor",
  http: { method: "POST", path: `${visitorPath}/read`, crossOrigin: true },
  socket: true,
  params: visitorTarget.extend({ seq: Seq }),
  example: { seq: 1 },
  answer: z.object({ conversation: VisitorConversation }),
  handle: async (ctx, { database, websiteId, visitor: { visitorId }, params }) => ({
    conversation: forVisitor(await markRead(ctx, database, { websiteId, ...params, visitorId })),
  }),
});

const typing = defineSocketCommand({
  name: "conversation.typing",
  summary: "The agent is typing, or has stopped.",
  access: "agent",
  params: target.extend({ typing: z.boolean() }),
  example: { typing: true },
  async handle(ctx, { user, connection, params: { websiteId, conversationId, typing } }) {
    const visitorId = await connection.getVisitorOf(websiteId, conversationId);
    const data = { conversationId, author: "agent" as const, name: user.name, typing };
    ctx.bus.publish(`visitor:${websiteId}:${visitorId}`, { event: "conversation.typing", data });
    ctx.bus.publish(`website:${websiteId}`, {
      event: "conversation.typing",
      data: { ...data, websiteId, authorId: user.id },
    });
  },
});

const typingAsVisitor = defineSocketCommand({
  name: "conversation.typing",
  summary: "The visitor is typing, or has stopped.",
  access: "visitor",
  params: visitorTarget.extend({ typing: z.boolean() }),
  example: { typing: true },
  async handle(ctx, { websiteId, visitor, connection, params: { conversationId, typing } }) {
    await connection.requireOwn(conversationId);
    ctx.bus.publish(`website:${websiteId}`, {
      event: "conversation.typing",
      data: { websiteId, conversationId, author: "visitor", authorId: null, name: visitor.name, typing },
    });
  },
});

export const conversations: Feature = {
  commands: [
    show,
    assignTo,
    changeStatus("resolve", "Mark a conversation as resolved.", resolve),
    changeStatus("reopen", "Open a resolved conversation again.", reopen),
    read,
    readAsVisitor,
    typing,
    typingAsVisitor,
  ],
  queries: [queries, acts, readMarks, messageChanges, threads, merging].flatMap(queriesOf),
};

// For other nouns.
export type { ChangedMessage, ConversationRow };
export {
  changeConversation,
  changedForAgents,
  changedForVisitor,
  findConversation,
  findCurrentConversation,
  forAgents,
  forVisitor,
  insertConversation,
  listThreads,
  lockConversation,
  lockConversations,
  mergeVisitors,
  notFound,
  publishChangedMessage,
  publishChanges,
  publishConversation,
  publishDeleted,
  publishMessage,
  raiseVersionsOf,
  readConversations,
  recordMessageChange,
  relinkThreadOf,
  selectConversations,
  sentForAgents,
  sentForVisitor,
  splitRepeated,
  unassignAll,
  updateConversation,
};
