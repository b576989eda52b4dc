import type pg from "pg";
import { type Direction, listMigrations } from "./sql/files.ts";

export type MigrationState = {
  name: string;
  appliedAt: Date | null;
  /** false: a newer program applied it */
  known: boolean;
};

/** Every migration of the folder and of the database, in order. */
export async function readStates(client: pg.Client, dir: string): Promise<MigrationState[]> {
  const known = await listMigrations(dir);
  const applied = await readApplied(client);
  const unknown = [...applied.keys()].filter(name => !known.includes(name));
  return [
    ...known.map(name => ({ name, appliedAt: applied.get(name) ?? null, known: true })),
    ...unknown.map(name => ({ name, appliedAt: applied.get(name) ?? null, known: false })),
  ];
}

async function readApplied(client: pg.Client): Promise<Map<string, Date>> {
  const { rows: tables } = await client.query("select to_regclass('public.pgmigrations') is not null as found");
  if (!tables[0].found) return new Map();
  // run_on is the local time of the session that wrote it; session/session.ts sets that to UTC.
  const { rows } = await client.query<{ name: string; appliedAt: Date }>(`
    select name, run_on at time zone 'UTC' as "appliedAt"
    from public.pgmigrations
    order by id`);
  return new Map(rows.map(row => [row.name, row.appliedAt]));
}

/** The same table as node-pg-migrate created it, which the first version used. */
export async function createHistory(client: pg.Client): Promise<void> {
  const { rows } = await client.query("select to_regclass('public.pgmigrations') is not null as found");
  if (rows[0].found) return;
  await client.query(`
    create table public.pgmigrations (
      id serial primary key,
      name varchar(255) not null,
      run_on timestamp not null
    )`);
}

/** Records that a migration was applied or undone. */
export async function recordRun(client: pg.Client, name: string, direction: Direction): Promise<void> {
  if (direction === "up")
    await client.query("insert into public.pgmigrations (name, run_on) values ($1, now())", [name]);
  else await client.query("delete from public.pgmigrations where name = $1", [name]);
}
