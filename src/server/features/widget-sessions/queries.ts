import { live } from "#database/conditions.ts";
import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";

type Move = { websiteId: number; from: string; to: string };

/** Locks the row of an anonymous visitor who has a conversation; false if there is none. */
export const lockAnonymousWriter = defineQuery(
  {
    name: "lock of an anonymous visitor with a conversation",
    indexes: ["visitors_pkey", "conversations_by_visitor"],
    buffers: 20,
    sample: key => [key],
  },
  async (tx: Db, p: { websiteId: number; visitorId: string }): Promise<boolean> => {
    const rows = await sql`
      select v.id
      from visitors v
      where v.website_id = ${p.websiteId}
        and v.id = ${p.visitorId}
        and v.external_id is null
        and ${live("v")}
        and exists (
          select
          from conversations c
          where c.website_id = ${p.websiteId}
            and c.visitor_id = ${p.visitorId}
            and ${live("c")})
      for update of v`.rows(tx);
    return rows.length === 1;
  },
);

/** Gives all conversations of one visitor to another. `changed_at` puts them into the next heartbeats. @returns their ids */
export const moveConversations = defineQuery(
  {
    name: "conversations of a visitor who has logged in",
    indexes: ["conversations_by_visitor"],
    buffers: 200,
    includesDeleted: { conversations: "those in the trash come back to the visitor who logged in" },
    sample: ({ websiteId, visitorId }) => [{ websiteId, from: visitorId, to: visitorId }],
  },
  async (tx: Db, { websiteId, from, to }: Move): Promise<string[]> => {
    const rows = await sql<{ id: string }>`
      update conversations
      set visitor_id = ${to}, version = version + 1, changed_at = now()
      where website_id = ${websiteId}
        and visitor_id = ${from}
      returning id`.rows(tx);
    return rows.map(({ id }) => id);
  },
);

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

const withoutConversations = "00000000-0000-7000-8000-000000000000";

/** Removes the row of a visitor without conversations; the other one was first seen when they were. */
export const mergeVisitor = defineQuery(
  {
    name: "the end of an anonymous visitor who has logged in",
    indexes: ["visitors_pkey"],
    buffers: 60,
    includesDeleted: { visitors: "both are locked, and found live" },
    sample: ({ websiteId, visitorId }) => [{ websiteId, from: withoutConversations, to: visitorId }],
  },
  (tx: Db, { websiteId, from, to }: Move) =>
    sql`
      with merged as (
        delete from visitors
        where website_id = ${websiteId}
          and id = ${from}
        returning first_seen_at)
      update visitors v
      set first_seen_at = least(v.first_seen_at, merged.first_seen_at)
      from merged
      where v.website_id = ${websiteId}
        and v.id = ${to}`.rows(tx),
);
