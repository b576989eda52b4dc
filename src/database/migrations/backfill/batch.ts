import pg from "pg";
import type { KeyColumn, Table } from "#database/migrations/session/catalog.ts";
import { runStatement, type Session } from "#database/migrations/session/session.ts";
import { inTransaction } from "#database/migrations/session/transaction.ts";
import { type Cursor, type CursorKey, saveCursor } from "./cursor.ts";
import type { ParsedUpdate } from "./parse-update.ts";

type Batch = {
  at: CursorKey;
  table: Table;
  key: KeyColumn[];
  update: ParsedUpdate;
  from: Cursor;
  /** of the rows that it passes, changed or not */
  maxRows: number;
};

/**
 * Changes the next rows of a table and saves the cursor, in one transaction.
 * @returns where the next batch starts
 */
export const runBatch = (session: Session, batch: Batch): Promise<Cursor> =>
  inTransaction(session, async () => {
    const { table, update, from, maxRows } = batch;
    // The planner estimates a range of keys by its first column alone. In a table with one website it would read all rows.
    await session.client.query("set local enable_seqscan = off");
    const next = await findNext(session, batch);
    const isDone = next.count < maxRows;
    const range = rangeOf(batch, from.key, isDone ? null : next.last);
    const rows = [range.sql, ...(update.condition === null ? [] : [`(${update.condition}\n)`])].join(" and ");
    const alias = pg.escapeIdentifier(update.alias);
    // In the same order as the product locks rows, so that the two cannot deadlock.
    await runStatement(
      session,
      `select from only ${table.sql} as ${alias} where ${rows} order by ${range.columns} for no key update`,
      range.values,
    );
    await runStatement(session, `update only ${table.sql} as ${alias} set ${update.set}\nwhere ${rows}`, range.values);
    const to = { key: isDone ? from.key : next.last, rows: from.rows + next.count, isDone };
    await saveCursor(session.client, batch.at, to);
    return to;
  });

/** The number of rows in the batch, and the key of the last one. */
async function findNext(session: Session, batch: Batch): Promise<{ count: number; last: string[] | null }> {
  const { table, key, update, from, maxRows } = batch;
  const range = rangeOf(batch, from.key, null);
  const names = key.map(({ name }) => pg.escapeIdentifier(name));
  const { rows } = await runStatement(
    session,
    `with batch as (
       select ${range.columns}
       from only ${table.sql} as ${pg.escapeIdentifier(update.alias)}
       where ${range.sql}
       order by ${range.columns}
       limit ${maxRows}
     )
     select
       (select count(*)::integer from batch) as count,
       (select array[${names.map(name => `${name}::text`).join(", ")}]
        from batch
        order by ${names.map(name => `${name} desc`).join(", ")}
        limit 1) as last`,
    range.values,
  );
  return rows[0];
}

/** The condition for the rows after one key and up to another; null: no bound. */
function rangeOf({ key, update }: Batch, after: string[] | null, upTo: string[] | null) {
  const alias = pg.escapeIdentifier(update.alias);
  const columns = key.map(({ name }) => `${alias}.${pg.escapeIdentifier(name)}`).join(", ");
  const values: string[] = [];
  const compare = (sign: string, bound: string[] | null) => {
    if (!bound) return "true";
    const parameters = key.map(({ type }, nth) => `$${values.length + nth + 1}::${type}`);
    values.push(...bound);
    return `(${columns}) ${sign} (${parameters.join(", ")})`;
  };
  return { sql: `${compare(">", after)} and ${compare("<=", upTo)}`, columns, values };
}
