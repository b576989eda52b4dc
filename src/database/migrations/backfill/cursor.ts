import type pg from "pg";

/** How far a backfill is in one table. */
export type Cursor = {
  /** of the last row that was passed; null: none yet */
  key: string[] | null;
  /** rows passed so far */
  rows: number;
  isDone: boolean;
};

/** A cursor belongs to a run of a migration, a statement of it, and a table or partition. */
export type CursorKey = { run: string; statement: string; table: string };

/** The table exists only while a migration with a backfill runs or is interrupted. */
export async function createCursors(client: pg.Client): Promise<void> {
  await client.query(`
    create table if not exists pgmigrations_backfill (
      run text,
      statement text,
      table_name text,
      key text[],
      row_count bigint not null,
      is_done boolean not null,
      primary key (run, statement, table_name)
    )`);
}

export async function findCursor(client: pg.Client, { run, statement, table }: CursorKey): Promise<Cursor> {
  const { rows } = await client.query(
    `select key, row_count::double precision as rows, is_done as "isDone"
     from pgmigrations_backfill
     where run = $1
       and statement = $2
       and table_name = $3`,
    [run, statement, table],
  );
  return rows[0] ?? { key: null, rows: 0, isDone: false };
}

export async function saveCursor(
  client: pg.Client,
  { run, statement, table }: CursorKey,
  cursor: Cursor,
): Promise<void> {
  await client.query(
    `insert into pgmigrations_backfill (run, statement, table_name, key, row_count, is_done)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (run, statement, table_name) do update
     set key = excluded.key, row_count = excluded.row_count, is_done = excluded.is_done`,
    [run, statement, table, cursor.key, cursor.rows, cursor.isDone],
  );
}

/** After a migration is applied, no backfill has to continue. */
export async function dropCursors(client: pg.Client): Promise<void> {
  await client.query("drop table if exists pgmigrations_backfill");
}
