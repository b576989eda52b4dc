import { live, ofLiveConversation } from "#database/conditions.ts";
import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";
import { type ConversationRow, conversationColumns, conversationJoins } from "./row.ts";

/** Identifies a visitor by `externalId` if they are logged in, which takes precedence, otherwise by `visitorId`. */
export type ThreadKey = { websiteId: number; visitorId: string; externalId: string | null };

/** The newest conversation of each visitor, in the order of the keys; null for visitors without one. */
export const listThreads = defineQuery(
  {
    name: "threads of visitors who connect",
    indexes: ["conversations_by_visitor", "visitors_by_external_id", "visitors_pkey", "memberships_pkey"],
    buffers: 28,
    includesDeleted: {
      ...ofLiveConversation,
      visitors: `${ofLiveConversation.visitors}; a deleted visitor's external_id is null`,
    },
    cases: [
      { name: "unknown ones", sample: ({ websiteId, visitorId }) => [[{ websiteId, visitorId, externalId: null }]] },
      { name: "logged-in ones", sample: key => [[key]] },
    ],
  },
  async (db: Db, keys: ThreadKey[]): Promise<(ConversationRow | null)[]> => {
    const rows = await newestOf(keys).rows(db);
    const threads: (ConversationRow | null)[] = keys.map(() => null);
    for (const { position, ...row } of rows) threads[position - 1] = row;
    return threads;
  },
);

/** The inner limits keep the planner from joining all visitors for the names of a few. */
const newestOf = (keys: ThreadKey[]) => sql<ConversationRow & { position: number }>`
  select k.position::integer, c.*
  from unnest(
    ${keys.map(key => key.websiteId)}::integer[],
    ${keys.map(key => key.visitorId)}::uuid[],
    ${keys.map(key => key.externalId)}::text[]
  ) with ordinality as k (website_id, visitor_id, external_id, position)
  cross join lateral (
    select ${conversationColumns}
    from (
      select c.*
      from conversations c
      where c.website_id = k.website_id
        and c.visitor_id = coalesce((
          select v.id
          from visitors v
          where v.website_id = k.website_id
            and v.external_id = k.external_id), k.visitor_id)
        and ${live("c")}
      order by c.id desc
      limit 1) c
    ${conversationJoins}
    limit 1) c`;
