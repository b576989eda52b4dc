import { z } from "zod";
import { queriesOf } from "#database/query-plans/define-query.ts";
import { Uuid, WebsiteId } from "#protocol/basics.ts";
import {
  AgentChanged,
  AgentPage,
  AgentSend,
  AgentSent,
  MessageEdit,
  MessagesQuery,
  MessageTarget,
  VisitorChanged,
  VisitorPage,
  VisitorSend,
  VisitorSent,
} from "#protocol/messages.ts";
import { defineCommand } from "#server/declaration/command.ts";
import type { Feature } from "#server/declaration/feature.ts";
import {
  changedForAgents,
  changedForVisitor,
  findConversation,
  forAgents,
  forVisitor,
  notFound,
} from "#server/features/conversations/feature.ts";
import { sendAsAgent, sendAsVisitor } from "./actions.ts";
import { changeMessage } from "./change.ts";
import * as changeQueries from "./change-queries.ts";
import * as firstMessages from "./first-messages.ts";
import { readPage } from "./page.ts";
import * as queries from "./queries.ts";
import { bringMessageBack, publishMessageBack, restoreMessage } from "./restore.ts";
import * as writeStatements from "./write-statements.ts";

const target = z.object({ websiteId: WebsiteId, conversationId: Uuid });
const path = "/websites/:websiteId/conversations/:conversationId/messages";
const visitorPath = "/widget/conversations/:conversationId/messages";
const example = { id: "019ad0d4-2f30-7000-8000-000000000000", body: "Hello" };

const list = defineCommand({
  name: "message.list",
  summary: "A page of a conversation's messages, oldest first.",
  access: "agent",
  http: { method: "GET", path },
  socket: true,
  params: target.extend(MessagesQuery.shape),
  answer: AgentPage,
  async handle(ctx, { db, params }) {
    const row = await findConversation(db, params);
    if (!row) throw notFound();
    const page = await readPage(db, row, { ...params, publicOnly: false });
    return { ...page, conversation: forAgents(ctx, row) };
  },
});

const send = defineCommand({
  name: "message.send",
  summary: "Send a message or a note. Sending again with the same id returns the same message.",
  access: "agent",
  limit: "agentSend",
  http: { method: "POST", path },
  socket: true,
  params: target.extend(AgentSend.shape),
  example,
  answer: AgentSent,
  handle: (ctx, { database, user, params }) => sendAsAgent(ctx, { database, by: user, ...params }),
});

const listAsVisitor = defineCommand({
  name: "message.list",
  summary: "A page of the visitor's messages, oldest first.",
  access: "visitor",
  http: { method: "GET", path: visitorPath, crossOrigin: true },
  socket: true,
  params: z.object({ conversationId: Uuid, ...MessagesQuery.shape }),
  answer: VisitorPage,
  async handle(_ctx, { db, websiteId, visitor, params }) {
    const row = await findConversation(db, { websiteId, conversationId: params.conversationId });
    if (row?.visitorId !== visitor.visitorId) throw notFound();
    const page = await readPage(db, row, { ...params, publicOnly: true });
    return { ...page, conversation: forVisitor(row) };
  },
});

const sendAsVisitorOf = defineCommand({
  name: "message.send",
  summary: "Send a message; the first one begins the conversation. Sending again with the same id returns the same.",
  access: "visitor",
  limit: "visitorSend",
  http: { method: "POST", path: "/widget/messages", crossOrigin: true },
  socket: true,
  params: VisitorSend,
  example: { ...example, conversationId: null },
  answer: VisitorSent,
  handle: (ctx, { database, visitor, params, source }) =>
    sendAsVisitor(ctx, { database, by: visitor, facts: source, ...params }),
});

const edit = defineCommand({
  name: "message.edit",
  summary: "Change the text of the agent's own message or note.",
  access: "agent",
  limit: "agentSend",
  http: { method: "PATCH", path: `${path}/:id` },
  socket: true,
  params: target.extend(MessageEdit.shape),
  example,
  answer: AgentChanged,
  handle: async (ctx, call) =>
    changedForAgents(ctx, await changeMessage(ctx, { ...call.params, db: call.db, by: call })),
});

const remove = defineCommand({
  name: "message.delete",
  summary: "Delete the agent's own message or note. Its number is not used again.",
  access: "agent",
  audit: ["message.deleted"],
  limit: "agentSend",
  http: { method: "DELETE", path: `${path}/:id` },
  socket: true,
  params: target.extend(MessageTarget.shape),
  example: { id: example.id },
  answer: AgentChanged,
  handle: async (ctx, call) =>
    changedForAgents(ctx, await changeMessage(ctx, { ...call.params, db: call.db, by: call, body: null })),
});

const editAsVisitor = defineCommand({
  name: "message.edit",
  summary: "Change the text of the visitor's own message, within 15 minutes.",
  access: "visitor",
  limit: "visitorSend",
  http: { method: "PATCH", path: `${visitorPath}/:id`, crossOrigin: true },
  socket: true,
  params: MessageEdit,
  example,
  answer: VisitorChanged,
  handle: async (ctx, call) => {
    const { db, websiteId, params } = call;
    return changedForVisitor(await changeMessage(ctx, { ...params, db, websiteId, by: call }));
  },
});

const removeAsVisitor = defineCommand({
  name: "message.delete",
  summary: "Delete the visitor's own message, within 15 minutes. Its number is not used again.",
  access: "visitor",
  audit: ["message.deleted"],
  limit: "visitorSend",
  http: { method: "DELETE", path: `${visitorPath}/:id`, crossOrigin: true },
  socket: true,
  params: MessageTarget,
  example: { id: example.id },
  answer: VisitorChanged,
  handle: async (ctx, call) => {
    const { db, websiteId, params } = call;
    return changedForVisitor(await changeMessage(ctx, { ...params, db, websiteId, by: call, body: null }));
  },
});

const restore = defineCommand({
  name: "message.restore",
  summary: "Bring a deleted message back, within 30 days: one's own, or for an admin any.",
  access: "agent",
  audit: ["message.restored"],
  limit: "agentSend",
  http: { method: "POST", path: `${path}/:id/restore` },
  socket: true,
  params: target.extend(MessageTarget.shape),
  example: { id: example.id },
  answer: AgentChanged,
  handle: async (ctx, call) =>
    changedForAgents(ctx, await restoreMessage(ctx, { ...call.params, db: call.db, by: call, role: call.role })),
});

const restoreAsVisitor = defineCommand({
  name: "message.restore",
  summary: "Bring the visitor's own deleted message back, within 30 days.",
  access: "visitor",
  audit: ["message.restored"],
  limit: "visitorSend",
  http: { method: "POST", path: `${visitorPath}/:id/restore`, crossOrigin: true },
  socket: true,
  params: MessageTarget,
  example: { id: example.id },
  answer: VisitorChanged,
  handle: async (ctx, call) => {
    const { db, websiteId, params } = call;
    return changedForVisitor(await restoreMessage(ctx, { ...params, db, websiteId, by: call }));
  },
});

export const messages: Feature = {
  commands: [
    ...[list, send, edit, remove, restore],
    ...[listAsVisitor, sendAsVisitorOf, editAsVisitor, removeAsVisitor, restoreAsVisitor],
  ],
  queries: [queries, changeQueries, firstMessages, writeStatements].flatMap(queriesOf),
};

export { bringMessageBack, publishMessageBack };
