import { live } from "#database/conditions.ts";
import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";

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
