import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";

/** The manifests of those of these months that are exported. */
export const listExports = defineQuery(
  { name: "exports of some months", indexes: ["message_months_pkey"], sample: () => [["2026-08"]] },
  (db: Db, months: string[]) =>
    sql<{ month: string; exportKey: string }>`
      select to_char(month, 'YYYY-MM') as month, export_key as "exportKey"
      from message_months
      where export_key is not null
        and to_char(month, 'YYYY-MM') = any(${months}::text[])
      order by month`.rows(db),
);

/** @returns false if the month has got another export meanwhile */
export const replaceExport = defineQuery(
  {
    name: "an export of a month in the place of another",
    indexes: ["message_months_pkey"],
    sample: () => [{ before: "months/2026-08/none/manifest.json", after: "months/2026-08/none/manifest-1.json" }],
  },
  async (db: Db, { before, after }: { before: string; after: string }): Promise<boolean> => {
    const rows = await sql`
      update message_months set export_key = ${after} where export_key = ${before} returning month`.rows(db);
    return rows.length === 1;
  },
);
