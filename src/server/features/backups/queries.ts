import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";

/** True if the user owns each website there is. */
export const ownsEveryWebsite = defineQuery(
  {
    name: "whether a user owns every website",
    indexes: ["websites_pkey", "memberships_pkey", "memberships_of_user"],
    includesDeleted: { websites: "backups hold the deleted ones too" },
    sample: ({ agentId }) => [agentId],
  },
  async (directory: Db, userId: string): Promise<boolean> => {
    const rows = await sql<{ yes: boolean }>`
      select not exists (
        select
        from websites w
        where not exists (
          select
          from memberships m
          where m.website_id = w.id
            and m.user_id = ${userId}
            and m.role = 'owner'
            and m.removed_at is null)) as yes`.rows(directory);
    return rows[0]!.yes;
  },
);
