import { sql } from "kysely";
import type { Db } from "./connect.ts";
import { defineQuery } from "./query-plans/define-query.ts";

/** Whether Citus spreads `messages` over several machines, by website. */
export const isDistributed = defineQuery(
  { name: "whether messages are spread over machines", indexes: [], sample: () => [] },
  async (db: Db): Promise<boolean> => {
    // The catalogue of what is spread is there only where Citus is.
    const { rows: catalogues } = await sql<{ exists: boolean }>`
      select to_regclass('pg_dist_partition') is not null as exists`.execute(db);
    if (!catalogues[0]!.exists) return false;
    const { rows } = await sql<{ exists: boolean }>`
      select exists (
        select
        from pg_dist_partition
        where logicalrelid = 'messages'::regclass
      ) as exists`.execute(db);
    return rows[0]!.exists;
  },
);
