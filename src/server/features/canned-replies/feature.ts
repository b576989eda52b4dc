import { z } from "zod";
import { queriesOf } from "#database/query-plans/define-query.ts";
import { Uuid, WebsiteId } from "#protocol/basics.ts";
import { CannedReplies, CannedReply, CannedReplyChange, CannedReplyCreate } from "#protocol/canned-replies.ts";
import { defineCommand } from "#server/declaration/command.ts";
import type { Feature } from "#server/declaration/feature.ts";
import { changeReply, createReply, removeReply } from "./actions.ts";
import * as queries from "./queries.ts";

const website = z.object({ websiteId: WebsiteId });
const path = "/websites/:websiteId/canned-replies";

const list = defineCommand({
  name: "canned-reply.list",
  summary: "The canned replies of the website, and the caller's own, by shortcut.",
  access: "agent",
  http: { method: "GET", path },
  params: website,
  answer: CannedReplies,
  handle: async (_ctx, { db, websiteId, user }) => ({
    replies: await queries.listReplies(db, { websiteId, userId: user.id }),
  }),
});

const create = defineCommand({
  name: "canned-reply.create",
  summary: "Create a canned reply: one's own, or, as an admin, the website's.",
  access: "agent",
  audit: ["canned_reply.created"],
  http: { method: "POST", path },
  params: website.extend(CannedReplyCreate.shape),
  example: { shortcut: "hello", body: "Hello {visitor.name}, how can I help?", isOwn: true },
  answer: CannedReply,
  handle: (ctx, { db, params, ...by }) => createReply(ctx, by, { db, ...params }),
});

const change = defineCommand({
  name: "canned-reply.change",
  summary: "Change a canned reply's shortcut or text.",
  access: "agent",
  audit: ["canned_reply.changed"],
  http: { method: "PATCH", path: `${path}/:replyId` },
  params: website.extend({ replyId: Uuid, ...CannedReplyChange.shape }),
  example: { body: "Hello!" },
  answer: CannedReply,
  handle: (ctx, { db, params: { websiteId, replyId, ...change }, ...by }) =>
    changeReply(ctx, by, { db, websiteId, replyId, change }),
});

const remove = defineCommand({
  name: "canned-reply.delete",
  summary: "Delete a canned reply.",
  access: "agent",
  audit: ["canned_reply.deleted"],
  http: { method: "DELETE", path: `${path}/:replyId` },
  params: website.extend({ replyId: Uuid }),
  handle: (ctx, { db, params, ...by }) => removeReply(ctx, by, { db, ...params }),
});

export const cannedReplies: Feature = {
  commands: [list, create, change, remove],
  queries: queriesOf(queries),
};
