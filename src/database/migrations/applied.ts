import { sql } from "kysely";
import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";

/** The names of the migrations that a migrated database has. */
export const listApplied = defineQuery(
  { name: "migrations that are applied", indexes: ["pgmigrations_pkey"], sample: () => [] },
  async (db: Db): Promise<string[]> => {
    const { rows } = await sql<{ name: string }>`select name from pgmigrations`.execute(db);
    return rows.map(({ name }) => name);
  },
);
