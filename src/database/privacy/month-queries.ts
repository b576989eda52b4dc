import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";

/** The manifests of those of these months that are exported, and of all that are dropped: the database knows not who is there. */
export const listExports = defineQuery(
  { name: "exports of some months", indexes: ["message_months_pkey"], sample: () => [["2026-08"]] },
  (db: Db, months: string[]) =>
    sql<{ month: string; exportKey: string }>`
      select to_char(month, 'YYYY-MM') as month, export_key as "exportKey"
      from message_months
      where export_key is not null
        and (state = 'dropped' or to_char(month, 'YYYY-MM') = any(${months}::text[]))
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

/**
 * True if a month's messages are in its export only. A table that is missing for another reason is an error, never "no
 * messages". @param month  such as 2026-10
 */
export const isDropped = defineQuery(
  { name: "whether a month is dropped", indexes: ["message_months_pkey"], sample: () => ["2026-08"] },
  async (db: Db, month: string): Promise<boolean> => {
    const rows = await sql`
      select from message_months where month = ${`${month}-01`}::date and state = 'dropped'`.rows(db);
    return rows.length === 1;
  },
);
