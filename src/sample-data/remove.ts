import type pg from "pg";
import { websiteTables } from "#database/tenant-tables.ts";
import { AppError } from "#protocol/errors.ts";
import { generatedPrefix } from "./websites.ts";

export type Found = { generatedIds: number[]; realCount: number };

/** Separates generated websites from real ones. @throws AppError "conflict" without a schema */
export async function findWebsites(client: pg.ClientBase): Promise<Found> {
  // All in one schema: a table of another program with one of these names would be emptied.
  const { rows: schema } = await client.query<{ schemas: number; missing: number }>(
    `select (count(distinct relnamespace))::integer as schemas, (count(*) filter (where c.oid is null))::integer as missing
     from unnest($1::text[]) as t (name)
     left join pg_class c on c.oid = to_regclass(quote_ident(name))`,
    [[...websiteTables, "websites", "pgmigrations"]],
  );
  const { schemas, missing } = schema[0]!;
  if (missing > 0) throw new AppError("conflict", "The database has no tables yet. Run prochat migrate first.");
  if (schemas > 1)
    throw new AppError(
      "conflict",
      "The search path finds tables of several schemas. Run prochat migrate, which names them.",
    );
  const { rows } = await client.query<Found>(
    `select coalesce(array_agg(id) filter (where public_key like $1), '{}') as "generatedIds",
       (count(*) filter (where public_key not like $1))::integer as "realCount"
     from websites`,
    [`${generatedPrefix}%`],
  );
  return rows[0]!;
}

/** @throws AppError "conflict" */
export function refuseRealWebsites({ realCount }: Found): void {
  if (realCount === 0) return;
  throw new AppError(
    "conflict",
    `The database holds ${realCount} real ${realCount === 1 ? "website" : "websites"}. ` +
      "Use another database, or add --beside-real-websites: they stay as they are.",
  );
}

/** Removes the rows of earlier generations, also of interrupted ones. Their agents and all real websites stay. */
export async function removeGenerated(client: pg.ClientBase, { generatedIds, realCount }: Found): Promise<void> {
  if (realCount === 0) {
    await client.query(`truncate ${[...websiteTables, "websites"].join(", ")} restart identity cascade`);
    return;
  }
  if (generatedIds.length === 0) return;
  for (const table of websiteTables)
    await client.query(`delete from ${table} where website_id = any($1)`, [generatedIds]);
  await client.query("delete from websites where id = any($1)", [generatedIds]);
}
