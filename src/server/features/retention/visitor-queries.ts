import { live } from "#database/conditions.ts";
import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { none, sql } from "#database/sql.ts";

const noId = "00000000-0000-7000-8000-000000000000";

export const listVisitorIds = defineQuery(
  {
    name: "ids of a website's visitors, a page",
    indexes: ["visitors_pkey"],
    buffers: 1000,
    includesDeleted: { visitors: "those in the trash are passed over later" },
    sample: ({ websiteId }) => [{ websiteId, after: null, limit: 500 }],
  },
  async (db: Db, p: { websiteId: number; after: string | null; limit: number }): Promise<string[]> => {
    const rows = await sql<{ id: string }>`
      select v.id
      from visitors v
      where v.website_id = ${p.websiteId}
        ${p.after ? sql`and v.id > ${p.after}` : none}
      order by v.id
      limit ${p.limit}`.rows(db);
    return rows.map(({ id }) => id);
  },
);

const inTrash = "one in the trash can come back, and needs its visitor";

type Some = { websiteId: number; ids: string[] };

/**
 * Those of the visitors of whom no conversation is left. Not those whose data is restricted or held, nor who were on the
 * website within a day. @param lock  locks them, and skips whom somebody uses now
 */
export const listWithoutConversations = defineQuery(
  {
    name: "visitors without conversations",
    indexes: ["visitors_pkey", "conversations_by_visitor", "holds_pkey"],
    includesDeleted: { conversations: inTrash },
    sample: ({ websiteId, visitorId }) => [{ websiteId, ids: [visitorId], lock: true }],
  },
  async (tx: Db, p: Some & { lock: boolean }): Promise<string[]> => {
    const rows = await sql<{ id: string }>`
      select v.id
      from visitors v
      where v.website_id = ${p.websiteId}
        and v.id = any(${p.ids}::uuid[])
        and ${live("v")}
        and v.restricted_at is null
        and v.last_seen_at < now() - interval '1 day'
        and not exists (select from conversations c where c.website_id = ${p.websiteId} and c.visitor_id = v.id)
        and not exists (select from holds h where h.website_id = ${p.websiteId} and h.target_id = v.id)
      order by v.id
      ${p.lock ? sql`for update skip locked` : none}`.rows(tx);
    return rows.map(({ id }) => id);
  },
);

/** Deletes locked visitors. Looks again: whoever began a conversation before the lock has committed it. @returns how many */
export const deleteVisitors = defineQuery(
  {
    name: "the end of visitors without conversations",
    indexes: ["visitors_pkey", "conversations_by_visitor", "holds_pkey"],
    includesDeleted: { conversations: inTrash, visitors: "they are locked" },
    sample: ({ websiteId }) => [{ websiteId, ids: [noId] }],
  },
  async (tx: Db, p: Some): Promise<number> => {
    const rows = await sql`
      delete from visitors v
      where v.website_id = ${p.websiteId}
        and v.id = any(${p.ids}::uuid[])
        and not exists (select from conversations c where c.website_id = ${p.websiteId} and c.visitor_id = v.id)
        and not exists (select from holds h where h.website_id = ${p.websiteId} and h.target_id = v.id)
      returning v.id`.rows(tx);
    return rows.length;
  },
);
