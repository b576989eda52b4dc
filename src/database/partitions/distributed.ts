import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";

/** True if Citus distributes `messages` over several machines, by website. */
export const isDistributed = defineQuery(
  { name: "whether messages are distributed", indexes: [], sample: () => [] },
  async (db: Db): Promise<boolean> => {
    // Only Citus has this catalogue.
    const [catalogue] = await sql<{ exists: boolean }>`
      select to_regclass('pg_dist_partition') is not null as exists`.rows(db);
    if (!catalogue!.exists) return false;
    const [row] = await sql<{ exists: boolean }>`
      select exists (
        select
        from pg_dist_partition
        where logicalrelid = 'messages'::regclass
      ) as exists`.rows(db);
    return row!.exists;
  },
);
