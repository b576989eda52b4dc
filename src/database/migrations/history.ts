import pg from "pg";
import type { Home } from "./session/home.ts";
import { type Direction, listMigrations } from "./sql/files.ts";

export type MigrationState = {
  name: string;
  appliedAt: Date | null;
  /** false: a newer program applied it */
  known: boolean;
};

/** Every migration of the folder and of the database, in order. */
export async function readStates(client: pg.Client, dir: string, home: Home): Promise<MigrationState[]> {
  const known = await listMigrations(dir);
  const applied = await readApplied(client, home);
  const unknown = [...applied.keys()].filter(name => !known.includes(name));
  return [
    ...known.map(name => ({ name, appliedAt: applied.get(name) ?? null, known: true })),
    ...unknown.map(name => ({ name, appliedAt: applied.get(name) ?? null, known: false })),
  ];
}

async function readApplied(client: pg.Client, { historySchema }: Home): Promise<Map<string, Date>> {
  if (historySchema === null) return new Map();
  // run_on is the local time of the session that wrote it; session/session.ts sets that to UTC.
  const { rows } = await client.query<{ name: string; appliedAt: Date }>(`
    select name, run_on at time zone 'UTC' as "appliedAt"
    from ${pg.escapeIdentifier(historySchema)}.pgmigrations
    order by id`);
  return new Map(rows.map(row => [row.name, row.appliedAt]));
}

/**
 * Creates the history, or moves one that an earlier version kept in another schema. It is the same table as
 * node-pg-migrate created it, which the first version used.
 */
export async function openHistory(client: pg.Client, { schema, historySchema }: Home): Promise<void> {
  if (historySchema === schema) return;
  const [to, from] = [schema, historySchema ?? schema].map(name => pg.escapeIdentifier(name));
  if (historySchema !== null) {
    await client.query(`
      alter table ${from}.pgmigrations set schema ${to};
      alter table if exists ${from}.pgmigrations_backfill set schema ${to}`);
    return;
  }
  await client.query(`
    create table ${to}.pgmigrations (
      id serial primary key,
      name varchar(255) not null,
      run_on timestamp not null
    )`);
}

/** Records that a migration was applied or undone. The session's search path begins with the history's schema. */
export async function recordRun(client: pg.Client, name: string, direction: Direction): Promise<void> {
  if (direction === "up") await client.query("insert into pgmigrations (name, run_on) values ($1, now())", [name]);
  else await client.query("delete from pgmigrations where name = $1", [name]);
}
