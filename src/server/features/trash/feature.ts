import { z } from "zod";
import { queriesOf } from "#database/query-plans/define-query.ts";
import { Uuid, WebsiteId } from "#protocol/basics.ts";
import { ConversationChanged } from "#protocol/conversations.ts";
import { limits } from "#protocol/limits.ts";
import { DeletionReason, type TrashEntry, TrashPage } from "#protocol/trash.ts";
import { defineCommand } from "#server/declaration/command.ts";
import type { Feature } from "#server/declaration/feature.ts";
import { forAgents } from "#server/features/conversations/feature.ts";
import { deleteConversation, restoreConversation } from "./actions.ts";
import * as queries from "./queries.ts";
import { listTrash, type TrashRow } from "./queries.ts";

const website = z.object({ websiteId: WebsiteId });
const conversation = website.extend({ conversationId: Uuid });
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
  summary: "The conversations that were deleted and can be brought back, the last deletion first.",
  access: "admin",
  http: { method: "GET", path: "/websites/:websiteId/trash" },
  params: website.extend({ cursor: z.string().max(100).optional() }),
  answer: TrashPage,
  async handle(_ctx, { db, params: { websiteId, cursor = null } }) {
    const { rows, nextCursor } = await listTrash(db, { websiteId, cursor, limit: limits.pageSize });
    return { entries: rows.map(asEntry), nextCursor };
  },
});

export const asEntry = (row: TrashRow): TrashEntry => ({
  conversationId: row.conversationId,
  visitor: { id: row.visitorId, name: row.visitorName, email: row.visitorEmail },
  preview: row.preview,
  previewAuthor: row.previewAuthor,
  deletedAt: row.deletedAt.toISOString(),
  deletedBy: row.deletedBy ? { id: row.deletedBy, name: row.deletedByName ?? "" } : null,
  reason: row.reason,
  purgedAt: new Date(row.deletedAt.getTime() + limits.undoDays * 86_400_000).toISOString(),
});

export const trash: Feature = {
  commands: [remove, restore, list],
  queries: queriesOf(queries),
};
