import { deleted, live } from "#database/conditions.ts";
import type { Db } from "#database/connect.ts";
import { undoable } from "#database/lifecycle/undoable.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";

type Key = { websiteId: number; visitorId: string };

/** What a visitor has: the conversations that are not deleted, and the messages in them. */
export const countContents = defineQuery(
  {
    name: "what a visitor has",
    indexes: ["conversations_by_visitor"],
    sample: key => [key],
  },
  async (db: Db, p: Key): Promise<{ conversations: number; messages: number }> => {
    const [row] = await sql<{ conversations: number; messages: number }>`
      select count(*)::integer as conversations, coalesce(sum(c.last_seq), 0)::integer as messages
      from conversations c
      where c.website_id = ${p.websiteId}
        and c.visitor_id = ${p.visitorId}
        and ${live("c")}`.rows(db);
    return row!;
  },
);

/**
 * Deletes a locked visitor. The website's own id of them is free from now on: if they come back while they are in the trash,
 * they are a new visitor. In whole milliseconds, as the cursor of the trash.
 * @returns the website's own id of the visitor
 */
export const markVisitorDeleted = defineQuery(
  {
    name: "a deletion of a visitor",
    indexes: ["visitors_pkey"],
    buffers: 40,
    includesDeleted: { visitors: "lockVisitor found the row live" },
    sample: ({ agentId, ...key }) => [{ ...key, by: agentId, reason: "" }],
  },
  async (tx: Db, p: Key & { by: string | null; reason: string }): Promise<string | null> => {
    const [row] = await sql<{ externalId: string | null }>`
      update visitors v
      set deleted_at = now()::timestamptz(3), deleted_by = ${p.by}, deletion_reason = ${p.reason},
        deleted_external_id = v.external_id, external_id = null
      where v.website_id = ${p.websiteId}
        and v.id = ${p.visitorId}
      returning v.deleted_external_id as "externalId"`.rows(tx);
    return row!.externalId;
  },
);

/** Deletes the conversations of a locked visitor that are not deleted yet. @returns their ids */
export const markTheirsDeleted = defineQuery(
  {
    name: "a deletion of a visitor's conversations",
    indexes: ["conversations_by_visitor", "conversations_pkey"],
    sample: ({ agentId, ...key }) => [{ ...key, by: agentId }],
  },
  async (tx: Db, p: Key & { by: string | null }): Promise<string[]> => {
    const rows = await sql<{ id: string }>`
      with theirs as (
        select c.id
        from conversations c
        where c.website_id = ${p.websiteId}
          and c.visitor_id = ${p.visitorId}
          and ${live("c")}
        order by c.id
        for update)
      update conversations c
      set deleted_at = now()::timestamptz(3), deleted_by = ${p.by}, deleted_with_visitor = true, version = c.version + 1
      from theirs
      where c.website_id = ${p.websiteId}
        and c.id = theirs.id
      returning c.id`.rows(tx);
    return rows.map(({ id }) => id);
  },
);

/** Locks a visitor in the trash. @returns when they were deleted, and the website's own id of them; null: not in the trash */
export const lockDeletedVisitor = defineQuery(
  {
    name: "lock of a deleted visitor",
    indexes: ["visitors_pkey", "visitors_deleted"],
    buffers: 12,
    sample: key => [key],
  },
  async (tx: Db, p: Key): Promise<{ deletedAt: Date; externalId: string | null } | null> => {
    const rows = await sql<{ deletedAt: Date; externalId: string | null }>`
      select v.deleted_at as "deletedAt", v.deleted_external_id as "externalId"
      from visitors v
      where v.website_id = ${p.websiteId}
        and v.id = ${p.visitorId}
        and ${deleted("v")}
      for update`.rows(tx);
    return rows[0] ?? null;
  },
);

/** Brings a locked visitor back. @returns false if they were deleted too long ago */
export const unmarkVisitorDeleted = defineQuery(
  {
    name: "a visitor brought back",
    indexes: ["visitors_pkey", "visitors_deleted"],
    buffers: 60,
    sample: key => [key],
  },
  async (tx: Db, p: Key): Promise<boolean> => {
    const rows = await sql`
      update visitors v
      set deleted_at = null, deleted_by = null, deletion_reason = '', external_id = v.deleted_external_id,
        deleted_external_id = null, replaced_at = null
      where v.website_id = ${p.websiteId}
        and v.id = ${p.visitorId}
        and v.deleted_at > ${undoable}
      returning v.id`.rows(tx);
    return rows.length === 1;
  },
);

/** Brings back the conversations that were deleted with their visitor, not those deleted before. @returns their ids */
export const unmarkTheirsDeleted = defineQuery(
  {
    name: "a visitor's conversations brought back",
    indexes: ["conversations_by_visitor", "conversations_pkey", "conversations_deleted"],
    sample: key => [key],
  },
  async (tx: Db, p: Key): Promise<string[]> => {
    const rows = await sql<{ id: string }>`
      update conversations c
      set deleted_at = null, deleted_by = null, deleted_with_visitor = false, version = c.version + 1, changed_at = now()
      where c.website_id = ${p.websiteId}
        and c.visitor_id = ${p.visitorId}
        and c.deleted_with_visitor
        and ${deleted("c")}
      returning c.id`.rows(tx);
    return rows.map(({ id }) => id);
  },
);

/** The row of a logged-in person who came back while their earlier one is in the trash; null: they did not. */
export const lockNewcomer = defineQuery(
  {
    name: "a logged-in visitor who came back",
    indexes: ["visitors_by_external_id"],
    buffers: 12,
    includesDeleted: { visitors: "a deleted visitor's external_id is null" },
    sample: ({ websiteId }) => [{ websiteId, externalId: "none" }],
  },
  async (tx: Db, p: { websiteId: number; externalId: string }): Promise<string | null> => {
    const rows = await sql<{ id: string }>`
      select v.id
      from visitors v
      where v.website_id = ${p.websiteId}
        and v.external_id = ${p.externalId}
      for update`.rows(tx);
    return rows[0]?.id ?? null;
  },
);
