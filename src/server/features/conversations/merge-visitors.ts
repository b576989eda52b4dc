import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";

type Merge = { websiteId: number; from: string; to: string };

const withoutConversations = "00000000-0000-7000-8000-000000000000";

/**
 * Gives all that a visitor has to another one, and removes the first one's row: both are the same person. A restriction and a
 * legal hold of either holds for both. `changed_at` puts the conversations into the next heartbeats.
 * @returns the ids of the conversations that moved, in order
 */
export const mergeVisitors = defineQuery(
  {
    name: "one visitor merged into another",
    indexes: ["conversations_by_visitor", "conversations_pkey", "holds_pkey", "visitors_pkey"],
    buffers: 300,
    includesDeleted: {
      conversations: "those in the trash come back to the visitor who has the others",
      visitors: "both are locked; one in the trash takes over before it is brought back",
    },
    sample: ({ websiteId, visitorId }) => [{ websiteId, from: withoutConversations, to: visitorId }],
  },
  async (tx: Db, { websiteId, from, to }: Merge): Promise<string[]> => {
    const moved = await sql<{ id: string }>`
      update conversations c
      set visitor_id = ${to}, version = c.version + 1, changed_at = now()
      where c.website_id = ${websiteId}
        and c.visitor_id = ${from}
      returning c.id`.rows(tx);
    await sql`
      insert into holds (website_id, target_id, target_kind, reason, placed_by, placed_at)
      select h.website_id, ${to}, h.target_kind, h.reason, h.placed_by, h.placed_at
      from holds h
      where h.website_id = ${websiteId}
        and h.target_id = ${from}
      on conflict do nothing`.rows(tx);
    await sql`delete from holds where website_id = ${websiteId} and target_id = ${from}`.rows(tx);
    await sql`
      with merged as (
        delete from visitors
        where website_id = ${websiteId}
          and id = ${from}
        returning first_seen_at, restricted_at)
      update visitors v
      set first_seen_at = least(v.first_seen_at, merged.first_seen_at),
        restricted_at = coalesce(v.restricted_at, merged.restricted_at)
      from merged
      where v.website_id = ${websiteId}
        and v.id = ${to}`.rows(tx);
    await sql`
      update conversations c
      set is_restricted = v.restricted_at is not null, version = c.version + 1, changed_at = now()
      from visitors v
      where c.website_id = ${websiteId}
        and c.visitor_id = ${to}
        and v.website_id = ${websiteId}
        and v.id = ${to}
        and c.is_restricted <> (v.restricted_at is not null)`.rows(tx);
    return moved.map(({ id }) => id).sort();
  },
);
