import { live } from "#database/conditions.ts";
import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";

/** The website that was made when the server was set up; null before. */
export const findFirstWebsite = defineQuery(
  { name: "the first website", indexes: ["websites_pkey"], buffers: 4, sample: () => [] },
  async (db: Db): Promise<number | null> => {
    const [row] = await sql<{ id: number | null }>`
      select min(w.id) as id from websites w where ${live("w")}`.rows(db);
    return row?.id ?? null;
  },
);
