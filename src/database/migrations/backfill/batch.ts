import pg from "pg";
import type { KeyColumn, Table } from "#database/migrations/session/catalog.ts";
import { runStatement, type Session } from "#database/migrations/session/session.ts";
import { inTransaction } from "#database/migrations/session/transaction.ts";
import { type Cursor, type CursorKey, saveCursor } from "./cursor.ts";
import type { BackfillDraft } from "./parse-update.ts";

type Batch = {
  at: CursorKey;
  table: Table;
  key: KeyColumn[];
  draft: BackfillDraft;
  from: Cursor;
  /** rows that it passes at most, whether they are to be changed or not */
  limit: number;
};

/**
 * Changes the next rows of a table and remembers how far it came, in one transaction.
 * @returns where the next batch begins
 */
export const runBatch = (session: Session, batch: Batch): Promise<Cursor> =>
  inTransaction(session, async () => {
    const { table, draft, from, limit } = batch;
    // The planner judges a range of keys by its first column: in a table of one website the first batch would read it all.
    await session.client.query("set local enable_seqscan = off");
    const next = await findNext(session, batch);
    const isDone = next.count < limit;
    const range = rangeOf(batch, from.key, isDone ? null : next.last);
    const rows = [range.sql, ...(draft.condition === null ? [] : [`(${draft.condition}\n)`])].join(" and ");
    const alias = pg.escapeIdentifier(draft.alias);
    // In the order in which the product locks them too, so that neither waits for the other in a circle.
    await runStatement(
      session,
      `select from only ${table.sql} as ${alias} where ${rows} order by ${range.columns} for no key update`,
      range.values,
    );
    await runStatement(session, `update only ${table.sql} as ${alias} set ${draft.set}\nwhere ${rows}`, range.values);
    const to = { key: isDone ? from.key : next.last, rows: from.rows + next.count, isDone };
    await saveCursor(session.client, batch.at, to);
    return to;
  });

/** How many rows the batch passes, and the key of the last of them. */
async function findNext(session: Session, batch: Batch): Promise<{ count: number; last: string[] | null }> {
  const { table, key, draft, from, limit } = batch;
  const range = rangeOf(batch, from.key, null);
  const names = key.map(({ name }) => pg.escapeIdentifier(name));
  const { rows } = await runStatement(
    session,
    `with batch as (
       select ${range.columns}
       from only ${table.sql} as ${pg.escapeIdentifier(draft.alias)}
       where ${range.sql}
       order by ${range.columns}
       limit ${limit}
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

/** The rows after one key and up to another; null: no bound. */
function rangeOf({ key, draft }: Batch, after: string[] | null, upTo: string[] | null) {
  const alias = pg.escapeIdentifier(draft.alias);
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
