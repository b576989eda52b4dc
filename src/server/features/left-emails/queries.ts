import { live } from "#database/conditions.ts";
import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";

type Key = { websiteId: number; visitorId: string };

/** Stores the address that a locked visitor has typed. @returns false if another one is known that they did not type here */
export const updateLeftEmail = defineQuery(
  {
    name: "an e-mail address that a visitor leaves",
    indexes: ["visitors_pkey"],
    buffers: 30, // all indexes, where the page has no room for the new version
    sample: ({ websiteId, visitorId }) => [{ websiteId, visitorId, email: "ada@shop.invalid" }],
  },
  async (tx: Db, { websiteId, visitorId, email }: Key & { email: string }): Promise<boolean> => {
    const rows = await sql`
      update visitors v
      set email = ${email}, email_left_at = now()
      where v.website_id = ${websiteId}
        and v.id = ${visitorId}
        and ${live("v")}
        and (v.email is null or v.email_left_at is not null)
      returning v.id`.rows(tx);
    return rows.length === 1;
  },
);
