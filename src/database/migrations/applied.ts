import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";

/** The names of the migrations that are applied to a migrated database. */
export const listApplied = defineQuery(
  { name: "migrations that are applied", indexes: ["pgmigrations_pkey"], sample: () => [] },
  async (db: Db): Promise<string[]> => {
    const rows = await sql<{ name: string }>`select name from pgmigrations`.rows(db);
    return rows.map(({ name }) => name);
  },
);
