import { sql } from "kysely";
import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { listMigrations } from "./sql/files.ts";

/** The names of the migrations that are applied to a migrated database. */
export const listApplied = defineQuery(
  { name: "migrations that are applied", indexes: ["pgmigrations_pkey"], sample: () => [] },
  async (db: Db): Promise<string[]> => {
    const { rows } = await sql<{ name: string }>`select name from pgmigrations`.execute(db);
    return rows.map(({ name }) => name);
  },
);

/** The names of this program's migrations that are not applied yet. */
export async function listPending(db: Db): Promise<string[]> {
  const applied = await listApplied(db);
  return (await listMigrations()).filter(name => !applied.includes(name));
}
