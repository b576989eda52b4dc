import { uuidv7 } from "uuidv7";
import type { Db } from "#database/connect.ts";
import { isRefusedRow } from "#platform/retry.ts";
import { AppError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Tag, TagChange, TagCreate } from "#protocol/tags.ts";
import type { ByUser } from "#server/declaration/audit-record.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { type Events, transact } from "#server/declaration/transact.ts";
import { type ConversationRow, changeConversation } from "#server/features/conversations/feature.ts";
import {
  deleteConversationTag,
  deleteTag,
  insertConversationTag,
  insertTag,
  listConversationTags,
  listTags,
  lockTag,
  updateTag,
} from "./queries.ts";

type Website = { db: Db; websiteId: number };
type OnConversation = Website & { conversationId: string; tagId: string };

/** @throws AppError "conflict" if the name is taken or the website has `limits.tagsMax` tags */
export function createTag(ctx: Ctx, by: ByUser, { db, websiteId, name, colour }: Website & TagCreate): Promise<Tag> {
  return transact(ctx, db, async (tx, events) => {
    const tag = { id: uuidv7(), name, colour };
    if (!(await insertTag(tx, { websiteId, ...tag }))) throw nameTaken(name);
    const tags = await publishTags(tx, events, websiteId);
    if (tags.length > limits.tagsMax) {
      throw new AppError("conflict", `A website has at most ${limits.tagsMax} tags. Delete an unused one first.`);
    }
    events.audit(by, { websiteId, action: "tag.created", target: targetOf(tag) });
    return tag;
  });
}

/** @throws AppError "not_found", or "conflict" if the name is taken */
export function changeTag(ctx: Ctx, by: ByUser, p: Website & { tagId: string; change: TagChange }): Promise<Tag> {
  return transact(ctx, p.db, async (tx, events) => {
    const tag = await lockTag(tx, p);
    if (!tag) throw notFound();
    const change = differences(tag, p.change);
    if (Object.keys(change).length === 0) return tag;
    await updateTag(tx, p, change).catch(error => {
      throw isRefusedRow(error) ? nameTaken(p.change.name ?? tag.name) : error;
    });
    await publishTags(tx, events, p.websiteId);
    events.audit(by, { websiteId: p.websiteId, action: "tag.changed", target: targetOf(tag), details: change });
    return { ...tag, ...change };
  });
}

/** Also removes it from all conversations. @throws AppError "not_found" */
export function removeTag(ctx: Ctx, by: ByUser, p: Website & { tagId: string }): Promise<void> {
  return transact(ctx, p.db, async (tx, events) => {
    const tag = await lockTag(tx, p);
    if (!tag) throw notFound();
    await deleteTag(tx, p);
    await publishTags(tx, events, p.websiteId);
    events.audit(by, { websiteId: p.websiteId, action: "tag.deleted", target: targetOf(tag) });
  });
}

/** @throws AppError "not_found", or "conflict" if the conversation has `limits.conversationTagsMax` tags */
export const tagConversation = (ctx: Ctx, p: OnConversation): Promise<ConversationRow> =>
  changeConversation(ctx, p, async tx => {
    if (!(await lockTag(tx, p))) throw notFound();
    await insertConversationTag(tx, p);
    const tagIds = await listConversationTags(tx, p);
    if (tagIds.length <= limits.conversationTagsMax) return { tag_ids: tagIds };
    throw new AppError("conflict", `A conversation has at most ${limits.conversationTagsMax} tags. Remove one first.`);
  });

/** @throws AppError "not_found" */
export const untagConversation = (ctx: Ctx, p: OnConversation): Promise<ConversationRow> =>
  changeConversation(ctx, p, async tx => {
    await deleteConversationTag(tx, p);
    return { tag_ids: await listConversationTags(tx, p) };
  });

async function publishTags(tx: Db, events: Events, websiteId: number): Promise<Tag[]> {
  const tags = await listTags(tx, websiteId);
  events.publish(`website:${websiteId}`, { event: "tags.changed", data: { websiteId, tags } });
  return tags;
}

const differences = (tag: Tag, { name = tag.name, colour = tag.colour }: TagChange): TagChange => ({
  ...(name !== tag.name && { name }),
  ...(colour !== tag.colour && { colour }),
});

const targetOf = ({ id, name }: Tag) => ({ kind: "tag", id, name }) as const;

const notFound = () => new AppError("not_found", "There is no such tag. Another agent may have deleted it.");
const nameTaken = (name: string) => new AppError("conflict", `There is already a tag "${name}". Choose another name.`);
