import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";
import type { Tag } from "#protocol/tags.ts";

type Key = { websiteId: number; tagId: string };
type OnConversation = Key & { conversationId: string };

const sampleTag = "00000000-0000-7000-8000-000000000000";
const columns = ["id", "name", "colour"] as const;

/** A website's tags by name; at most `limits.tagsMax`. */
export const listTags = defineQuery(
  { name: "tags of a website", indexes: ["tags_by_name"], buffers: 210, sample: ({ websiteId }) => [websiteId] },
  (db: Db, websiteId: number): Promise<Tag[]> =>
    db
      .selectFrom("tags")
      .select(columns)
      .where("website_id", "=", websiteId)
      .orderBy(eb => eb.fn("lower", ["name"]))
      .execute(),
);

export const lockTag = defineQuery(
  {
    name: "a tag, locked",
    indexes: ["tags_pkey"],
    buffers: 6,
    sample: ({ websiteId }) => [{ websiteId, tagId: sampleTag }],
  },
  async (tx: Db, { websiteId, tagId }: Key): Promise<Tag | null> => {
    const row = await tx
      .selectFrom("tags")
      .select(columns)
      .where("website_id", "=", websiteId)
      .where("id", "=", tagId)
      .forUpdate()
      .executeTakeFirst();
    return row ?? null;
  },
);

/** @returns whether the name was free */
export const insertTag = defineQuery(
  {
    name: "a new tag",
    indexes: [],
    buffers: 20,
    sample: ({ websiteId }) => [{ websiteId, id: sampleTag, name: "Refund", colour: "#3457d5" }],
  },
  async (tx: Db, { websiteId, ...tag }: Tag & { websiteId: number }): Promise<boolean> => {
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto("tags")
      .values({ website_id: websiteId, ...tag })
      .onConflict(conflict => conflict.doNothing())
      .executeTakeFirstOrThrow();
    return numInsertedOrUpdatedRows === 1n;
  },
);

/** @throws the database's error of class 23 when the name is taken */
export const updateTag = defineQuery(
  {
    name: "a change of a tag",
    indexes: ["tags_pkey"],
    buffers: 20,
    sample: ({ websiteId }) => [{ websiteId, tagId: sampleTag }, { colour: "#3457d5" }],
  },
  (tx: Db, { websiteId, tagId }: Key, change: { name?: string; colour?: string }) =>
    tx.updateTable("tags").set(change).where("website_id", "=", websiteId).where("id", "=", tagId).execute(),
);

/** Also removes it from all conversations. */
export const deleteTag = defineQuery(
  {
    name: "the end of a tag",
    indexes: ["tags_pkey", "conversation_tags_by_tag"],
    sample: ({ websiteId }) => [{ websiteId, tagId: sampleTag }],
  },
  (tx: Db, { websiteId, tagId }: Key) =>
    tx.deleteFrom("tags").where("website_id", "=", websiteId).where("id", "=", tagId).execute(),
);

/** Puts an existing tag on a locked conversation. */
export const insertConversationTag = defineQuery(
  {
    name: "a tag on a conversation",
    indexes: ["tags_pkey", "conversations_pkey"],
    buffers: 30,
    sample: ({ websiteId, conversationId }) => [{ websiteId, conversationId, tagId: sampleTag }],
  },
  async (tx: Db, { websiteId, conversationId, tagId }: OnConversation): Promise<void> => {
    await sql`
      insert into conversation_tags (website_id, conversation_id, tag_id)
      select website_id, ${conversationId}, id
      from tags
      where website_id = ${websiteId}
        and id = ${tagId}
      on conflict do nothing`.rows(tx);
  },
);

export const deleteConversationTag = defineQuery(
  {
    name: "a tag taken off a conversation",
    indexes: ["conversation_tags_pkey", "conversation_tags_by_tag"],
    buffers: 12,
    sample: ({ websiteId, conversationId }) => [{ websiteId, conversationId, tagId: sampleTag }],
  },
  (tx: Db, { websiteId, conversationId, tagId }: OnConversation) =>
    tx
      .deleteFrom("conversation_tags")
      .where("website_id", "=", websiteId)
      .where("conversation_id", "=", conversationId)
      .where("tag_id", "=", tagId)
      .execute(),
);

/** The tags of a conversation as its row stores them, in the order in which they were put on it. */
export const listConversationTags = defineQuery(
  {
    name: "tags of a conversation",
    indexes: ["conversation_tags_pkey"],
    buffers: 8,
    sample: ({ websiteId, conversationId }) => [{ websiteId, conversationId }],
  },
  async (db: Db, { websiteId, conversationId }: Omit<OnConversation, "tagId">): Promise<string[]> => {
    const rows = await db
      .selectFrom("conversation_tags")
      .select("tag_id")
      .where("website_id", "=", websiteId)
      .where("conversation_id", "=", conversationId)
      .orderBy("created_at")
      .orderBy("tag_id")
      .execute();
    return rows.map(row => row.tag_id);
  },
);
