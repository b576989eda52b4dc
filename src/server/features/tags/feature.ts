import { z } from "zod";
import { queriesOf } from "#database/query-plans/define-query.ts";
import { Uuid, WebsiteId } from "#protocol/basics.ts";
import { ConversationChanged } from "#protocol/conversations.ts";
import { Tag, TagChange, TagConversation, TagCreate, Tags } from "#protocol/tags.ts";
import { defineCommand } from "#server/declaration/command.ts";
import type { Feature } from "#server/declaration/feature.ts";
import { forAgents } from "#server/features/conversations/feature.ts";
import { changeTag, createTag, removeTag, tagConversation, untagConversation } from "./actions.ts";
import * as queries from "./queries.ts";

const website = z.object({ websiteId: WebsiteId });
const path = "/websites/:websiteId/tags";
const conversation = website.extend({ conversationId: Uuid });
const conversationPath = "/websites/:websiteId/conversations/:conversationId/tags";

const list = defineCommand({
  name: "tag.list",
  summary: "The website's tags, by name.",
  access: "agent",
  http: { method: "GET", path },
  params: website,
  answer: Tags,
  handle: async (_ctx, { db, websiteId }) => ({ tags: await queries.listTags(db, websiteId) }),
});

const create = defineCommand({
  name: "tag.create",
  summary: "Create a tag.",
  access: "agent",
  audit: ["tag.created"],
  http: { method: "POST", path },
  params: website.extend(TagCreate.shape),
  example: { name: "Refund", colour: "#3457d5" },
  answer: Tag,
  handle: (ctx, { db, params, ...by }) => createTag(ctx, by, { db, ...params }),
});

const change = defineCommand({
  name: "tag.change",
  summary: "Change a tag's name or colour.",
  access: "admin",
  audit: ["tag.changed"],
  http: { method: "PATCH", path: `${path}/:tagId` },
  params: website.extend({ tagId: Uuid, ...TagChange.shape }),
  example: { name: "Refunds" },
  answer: Tag,
  handle: (ctx, { db, params: { websiteId, tagId, ...change }, ...by }) =>
    changeTag(ctx, by, { db, websiteId, tagId, change }),
});

const remove = defineCommand({
  name: "tag.delete",
  summary: "Delete a tag, and remove it from all conversations.",
  access: "admin",
  audit: ["tag.deleted"],
  http: { method: "DELETE", path: `${path}/:tagId` },
  params: website.extend({ tagId: Uuid }),
  handle: (ctx, { db, params, ...by }) => removeTag(ctx, by, { db, ...params }),
});

const putOn = defineCommand({
  name: "conversation.tag",
  summary: "Put a tag on a conversation.",
  access: "agent",
  http: { method: "POST", path: conversationPath },
  socket: true,
  params: conversation.extend(TagConversation.shape),
  example: { tagId: "019ad0d4-2f30-7000-8000-000000000000" },
  answer: ConversationChanged,
  handle: async (ctx, { db, params }) => ({
    conversation: forAgents(ctx, await tagConversation(ctx, { db, ...params })),
  }),
});

const takeOff = defineCommand({
  name: "conversation.untag",
  summary: "Remove a tag from a conversation.",
  access: "agent",
  http: { method: "DELETE", path: `${conversationPath}/:tagId` },
  socket: true,
  params: conversation.extend({ tagId: Uuid }),
  example: { tagId: "019ad0d4-2f30-7000-8000-000000000000" },
  answer: ConversationChanged,
  handle: async (ctx, { db, params }) => ({
    conversation: forAgents(ctx, await untagConversation(ctx, { db, ...params })),
  }),
});

export const tags: Feature = {
  commands: [list, create, change, remove, putOn, takeOff],
  queries: queriesOf(queries),
};
export const { listTags } = queries;
