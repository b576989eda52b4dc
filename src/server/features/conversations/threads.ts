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

/** Links all conversations of a visitor in the order of their ids. @returns the ids of those whose link changed */
export const relinkThreadOf = defineQuery(
  {
    name: "the thread of a visitor",
    indexes: ["conversations_by_visitor", "conversations_pkey"],
    buffers: 300,
    sample: ({ websiteId, visitorId }) => [{ websiteId, visitorId }],
  },
  async (tx: Db, p: { websiteId: number; visitorId: string }): Promise<string[]> => {
    const rows = await sql<{ id: string }>`
      update conversations c
      set continues_id = k.before, version = c.version + 1
      from (
        select n.id, lag(n.id) over (order by n.id) as before
        from conversations n
        where n.website_id = ${p.websiteId}
          and n.visitor_id = ${p.visitorId}
          and ${live("n")}) k
      where c.website_id = ${p.websiteId}
        and c.id = k.id
        and c.continues_id is distinct from k.before
        and ${live("c")}
      returning c.id`.rows(tx);
    return rows.map(({ id }) => id);
  },
);
