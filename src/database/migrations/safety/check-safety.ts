import type pg from "pg";
import { findIndex, findTable, quoteName } from "#database/migrations/session/catalog.ts";
import { estimateSize, type TableSize } from "#database/migrations/session/table-size.ts";
import type { Direction, Migration } from "#database/migrations/sql/files.ts";
import type { Statement } from "#database/migrations/sql/statements.ts";
import type { Log } from "#platform/log.ts";
import { AppError } from "#protocol/errors.ts";
import type { LongLock } from "./long-lock.ts";
import { findLongLocks } from "./long-locks.ts";
import { findMisplaced } from "./misplaced.ts";

/** Up to this size a rewrite or a scan takes well below a second, which users hardly notice. */
const maxSmallRows = 100_000;
const maxSmallBytes = 100 * 1024 * 1024;

/**
 * Checks a migration before it runs.
 * @throws AppError "database_failed" if a statement is not allowed in this kind of migration, or if it would lock a
 *   large table for long and has no "-- Allow long lock: <why>"
 */
export async function checkSafety(
  client: pg.Client,
  migration: Migration,
  direction: Direction,
  log: Log,
): Promise<void> {
  for (const statement of migration[direction] ?? []) {
    const reason = findMisplaced(migration, statement);
    if (reason) throw refusal(migration, statement, `${reason}.`);
    for (const longLock of findLongLocks(statement, migration.isTransaction)) {
      const size = await findLargeSize(client, longLock);
      if (!size || (await isProvenNotNull(client, longLock))) continue;
      const table = longLock.table ? quoteName(longLock.table) : "";
      const what = `${longLock.why}, ${table} has about ${size.rows} rows (${Math.ceil(size.bytes / 2 ** 20)} MB)`;
      if (statement.longLockReason === null)
        throw refusal(migration, statement, `it ${what}. Write instead: ${longLock.instead}.`);
      log.warn(`${migration.name} ${what}, which it allows: ${statement.longLockReason}`);
    }
  }
}

/** Null: the table does not exist yet, or it is small. */
async function findLargeSize(client: pg.Client, { table: name }: LongLock): Promise<TableSize | null> {
  if (!name) return null;
  const table = await findTable(client, name);
  const oid = table?.oid ?? (await findIndex(client, name))?.tableOid;
  if (oid === undefined) return null;
  const size = await estimateSize(client, oid);
  return size.rows > maxSmallRows || size.bytes > maxSmallBytes ? size : null;
}

/** With a valid check PostgreSQL does not read the table. */
async function isProvenNotNull(client: pg.Client, { table, notNullColumn }: LongLock): Promise<boolean> {
  if (!table || notNullColumn === undefined) return false;
  const { rows } = await client.query(
    `select
     from pg_attribute a
     left join pg_constraint c on c.conrelid = a.attrelid and c.contype = 'c' and c.convalidated
       and pg_get_constraintdef(c.oid) = format('CHECK ((%I IS NOT NULL))', a.attname)
     where a.attrelid = to_regclass($1)
       and a.attname = $2
       and (a.attnotnull or c.oid is not null)`,
    [quoteName(table), notNullColumn],
  );
  return rows.length > 0;
}

const refusal = ({ name }: Migration, { line, text }: Statement, why: string) =>
  new AppError(
    "database_failed",
    `The migration ${name} is refused: line ${line}, "${text.replace(/\s+/g, " ").slice(0, 80)}": ${why}`,
  );
