import { z } from "zod";
import { purgedAt } from "#database/lifecycle/undoable.ts";
import { queriesOf } from "#database/query-plans/define-query.ts";
import { Uuid, WebsiteId } from "#protocol/basics.ts";
import { ConversationChanged } from "#protocol/conversations.ts";
import { limits } from "#protocol/limits.ts";
import {
  DeletedWebsites,
  DeletionReason,
  TrashPage,
  VisitorContents,
  VisitorDeleted,
  WebsiteDeletion,
} from "#protocol/trash.ts";
import { defineCommand } from "#server/declaration/command.ts";
import type { Feature } from "#server/declaration/feature.ts";
import { forAgents } from "#server/features/conversations/feature.ts";
import { deleteConversation, restoreConversation } from "./actions.ts";
import { listTrash } from "./list.ts";
import * as listQueries from "./list-queries.ts";
import * as queries from "./queries.ts";
import { deleteVisitor, restoreVisitor } from "./visitor-actions.ts";
import * as visitorQueries from "./visitor-queries.ts";
import { countContents } from "./visitor-queries.ts";
import { deleteWebsite, restoreWebsite } from "./website-actions.ts";
import * as websiteQueries from "./website-queries.ts";
import { countWebsite, listDeletedWebsites } from "./website-queries.ts";

const website = z.object({ websiteId: WebsiteId });
const conversation = website.extend({ conversationId: Uuid });
const visitor = website.extend({ visitorId: Uuid });
const visitorPath = "/websites/:websiteId/visitors/:visitorId";
const conversationPath = "/websites/:websiteId/conversations/:conversationId";

const remove = defineCommand({
  name: "conversation.delete",
  summary: "Delete a conversation. For 30 days it can be brought back.",
  access: "admin",
  audit: ["conversation.deleted"],
  http: { method: "DELETE", path: conversationPath },
  params: conversation.extend(DeletionReason.shape),
  example: { reason: "Spam" },
  answer: ConversationChanged,
  handle: async (ctx, { db, params, ...by }) => ({
    conversation: forAgents(ctx, await deleteConversation(ctx, by, { db, ...params })),
  }),
});

const restore = defineCommand({
  name: "conversation.restore",
  summary: "Bring a deleted conversation back.",
  access: "admin",
  audit: ["conversation.restored"],
  http: { method: "POST", path: `${conversationPath}/restore` },
  params: conversation,
  answer: ConversationChanged,
  handle: async (ctx, { db, params, ...by }) => ({
    conversation: forAgents(ctx, await restoreConversation(ctx, by, { db, ...params })),
  }),
});

const list = defineCommand({
  name: "trash.list",
  summary: "Everything that was deleted and can be brought back, the last deletion first.",
  access: "admin",
  http: { method: "GET", path: "/websites/:websiteId/trash" },
  params: website.extend({ cursor: z.string().max(100).optional() }),
  answer: TrashPage,
  handle: (_ctx, { db, params: { websiteId, cursor = null } }) =>
    listTrash(db, { websiteId, cursor, limit: limits.pageSize }),
});

const showContents = defineCommand({
  name: "visitor.contents",
  summary: "What would be deleted with a visitor.",
  access: "admin",
  http: { method: "GET", path: `${visitorPath}/contents` },
  params: visitor,
  answer: VisitorContents,
  handle: (_ctx, { db, params }) => countContents(db, params),
});

const removeVisitor = defineCommand({
  name: "visitor.delete",
  summary: "Delete a visitor with all of their conversations. For 30 days they can be brought back.",
  access: "admin",
  audit: ["visitor.deleted"],
  http: { method: "DELETE", path: visitorPath },
  params: visitor.extend(DeletionReason.shape),
  example: { reason: "Asked for it by mail" },
  answer: VisitorDeleted,
  handle: (ctx, { db, params, ...by }) => deleteVisitor(ctx, by, { db, ...params }),
});

const restoreVisitorOf = defineCommand({
  name: "visitor.restore",
  summary: "Bring a deleted visitor back, with the conversations that were deleted with them.",
  access: "admin",
  audit: ["visitor.restored"],
  http: { method: "POST", path: `${visitorPath}/restore` },
  params: visitor,
  answer: VisitorDeleted,
  handle: (ctx, { db, params, ...by }) => restoreVisitor(ctx, by, { db, ...params }),
});

const showWebsiteContents = defineCommand({
  name: "website.contents",
  summary: "What would be deleted with a website.",
  access: "owner",
  http: { method: "GET", path: "/websites/:websiteId/contents" },
  params: website,
  answer: VisitorContents,
  handle: (_ctx, { db, websiteId }) => countWebsite(db, websiteId),
});

const removeWebsite = defineCommand({
  name: "website.delete",
  summary: "Delete a website. For 30 days an owner can bring it back.",
  access: "owner",
  audit: ["website.deleted"],
  http: { method: "DELETE", path: "/websites/:websiteId" },
  params: website.extend(WebsiteDeletion.shape),
  example: { name: "not its name", reason: "Closed" },
  handle: (ctx, { params, ...by }) => deleteWebsite(ctx, by, params),
});

const listWebsitesOf = defineCommand({
  name: "website.list-deleted",
  summary: "The deleted websites that the user owns and can bring back.",
  access: "user",
  http: { method: "GET", path: "/deleted-websites" },
  answer: DeletedWebsites,
  async handle(ctx, { user }) {
    const rows = await listDeletedWebsites(ctx.directory, user.id);
    return {
      websites: rows.map(({ deletedAt, ...row }) => ({
        ...row,
        deletedAt: deletedAt.toISOString(),
        purgedAt: purgedAt(deletedAt).toISOString(),
      })),
    };
  },
});

const restoreWebsiteOf = defineCommand({
  name: "website.restore",
  summary: "Bring a deleted website back, with all that it had.",
  access: "user",
  audit: ["website.restored"],
  http: { method: "POST", path: "/deleted-websites/:deletedId/restore" },
  params: z.object({ deletedId: WebsiteId }),
  handle: (ctx, { params: { deletedId }, ...by }) => restoreWebsite(ctx, by, deletedId),
});

export { countContents, deleteVisitor, restoreVisitor };

export const trash: Feature = {
  commands: [
    ...[remove, restore, list, showContents, removeVisitor, restoreVisitorOf],
    ...[showWebsiteContents, removeWebsite, listWebsitesOf, restoreWebsiteOf],
  ],
  queries: [queries, listQueries, visitorQueries, websiteQueries].flatMap(queriesOf),
};
