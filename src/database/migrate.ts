import { setTimeout as sleep } from "node:timers/promises";
import { PG_MIGRATE_LOCK_ID, runner } from "node-pg-migrate";
import type pg from "pg";
import { AppError } from "#protocol/errors.ts";
import { connectDirectly, maskUrl } from "./direct-connection.ts";
import type { Log } from "./log.ts";
import { listMigrations, loadMigrations, migrationsDir } from "./migrations.ts";

export type MigrationState = {
  name: string;
  appliedAt: Date | null;
  /** false: applied by a newer program than this one */
  known: boolean;
};

type Options = {
  log: Log;
  /** the folder of the .sql files */
  dir?: string;
};

const lockPollMs = 200;
const lockTimeoutMs = 10_000;
/** Another server may be building an index on a large table. */
const lockBoundMs = 30 * 60_000;

/**
 * Brings the database up to this program. Safe to run from several servers at once: one migrates, the others wait.
 * @param url  a direct connection, not one through a transaction-mode pooler
 * @returns the names of the migrations that this call applied, in order
 * @throws AppError "database_unreachable", "database_unsupported", "database_newer", "disk_full" or "database_failed"
 */
export async function migrate(url: string, { log, dir = migrationsDir }: Options): Promise<string[]> {
  return withLock(url, log, async client => {
    const states = await readStates(client, dir);
    refuseNewer(url, states);
    const pending = states.filter(state => !state.appliedAt).map(state => state.name);
    for (const name of pending) {
      log.info(`Migrating ${name}`);
      await runOne(client, { name, direction: "up", dir, log });
    }
    return pending;
  });
}

/**
 * Takes back the migration that was applied last.
 * @returns its name, or null when there is none
 * @throws as migrate()
 */
export async function undoMigration(url: string, { log, dir = migrationsDir }: Options): Promise<string | null> {
  return withLock(url, log, async client => {
    const states = await readStates(client, dir);
    refuseNewer(url, states);
    const name = states.findLast(state => state.appliedAt)?.name ?? null;
    if (name) await runOne(client, { name, direction: "down", dir, log });
    return name;
  });
}

/** Every migration that the program or the database knows, in order, and when it was applied. Changes nothing. */
export async function migrationStatus(url: string, dir = migrationsDir): Promise<MigrationState[]> {
  const client = await connectDirectly(url);
  try {
    return await readStates(client, dir);
  } finally {
    await client.end();
  }
}

/** How many conversations there are to lose; 0 also where there is no such table yet. */
export async function countConversations(url: string): Promise<number> {
  const client = await connectDirectly(url);
  try {
    const { rows: tables } = await client.query("select to_regclass('public.conversations') is not null as there");
    if (!tables[0].there) return 0;
    const { rows } = await client.query("select count(*)::integer as count from public.conversations");
    return rows[0].count;
  } finally {
    await client.end();
  }
}

/** @throws AppError "database_newer" when the database has migrations that this program does not */
export function refuseNewer(url: string, states: MigrationState[]): void {
  const unknown = states.filter(state => !state.known).map(state => state.name);
  if (unknown.length === 0) return;
  throw new AppError(
    "database_newer",
    `The database ${maskUrl(url)} is newer than this Pro LiveChat: it has ${unknown.join(", ")}. ` +
      "Start the newer version; nothing was changed.",
  );
}

async function withLock<T>(url: string, log: Log, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connectDirectly(url);
  try {
    await checkVersion(client, url, log);
    await takeLock(client, log);
    return await work(client);
  } finally {
    await client.end(); // which gives the lock back, and rolls back a migration that failed
  }
}

async function checkVersion(client: pg.Client, url: string, log: Log): Promise<void> {
  const { rows } = await client.query<{ number: string; version: string }>(
    "select current_setting('server_version_num') as number, current_setting('server_version') as version",
  );
  const { number, version } = rows[0]!;
  const major = Math.floor(Number(number) / 10_000);
  if (major > 18) log.warn(`PostgreSQL ${version} is newer than any that Pro LiveChat was tested with (15 to 18).`);
  if (major >= 15) return;
  throw new AppError(
    "database_unsupported",
    `The database ${maskUrl(url)} is PostgreSQL ${version}. Pro LiveChat needs 15 to 18: upgrade it, or use another.`,
  );
}

/**
 * Polls rather than waits in the database: a statement that waits for a lock holds a snapshot, for which a
 * `create index concurrently` of the lock's holder would wait in turn, for ever.
 */
async function takeLock(client: pg.Client, log: Log): Promise<void> {
  const end = Date.now() + lockBoundMs;
  for (let told = false; ; told = true) {
    const { rows } = await client.query("select pg_try_advisory_lock($1) as taken", [PG_MIGRATE_LOCK_ID]);
    if (rows[0].taken) return;
    if (Date.now() > end) {
      const minutes = lockBoundMs / 60_000;
      throw new AppError(
        "database_failed",
        `Another server has been migrating the database for ${minutes} minutes. See what it does, then start again.`,
      );
    }
    if (!told) log.info("Waiting for another server that is migrating the database");
    await sleep(lockPollMs);
  }
}

async function readStates(client: pg.Client, dir: string): Promise<MigrationState[]> {
  const known = await listMigrations(dir);
  const applied = await readApplied(client);
  const unknown = [...applied.keys()].filter(name => !known.includes(name));
  return [
    ...known.map(name => ({ name, appliedAt: applied.get(name) ?? null, known: true })),
    ...unknown.map(name => ({ name, appliedAt: applied.get(name) ?? null, known: false })),
  ];
}

async function readApplied(client: pg.Client): Promise<Map<string, Date>> {
  const { rows: tables } = await client.query("select to_regclass('public.pgmigrations') is not null as there");
  if (!tables[0].there) return new Map();
  // run_on is the local time of the session that wrote it, which is UTC: see runOne.
  const { rows } = await client.query<{ name: string; appliedAt: Date }>(`
    select name, run_on at time zone 'UTC' as "appliedAt"
    from public.pgmigrations
    order by id`);
  return new Map(rows.map(row => [row.name, row.appliedAt]));
}

async function runOne(
  client: pg.Client,
  p: { name: string; direction: "up" | "down"; dir: string; log: Log },
): Promise<void> {
  const quiet = { debug: p.log.debug.bind(p.log), info: () => {}, warn: () => {}, error: () => {} };
  try {
    await client.query("set time zone 'UTC'");
    // Whoever waits for a lock blocks all who come after: rather fail, and be started again.
    await client.query(`set lock_timeout = ${lockTimeoutMs}`);
    await runner({
      dbClient: client,
      dir: p.dir,
      direction: p.direction,
      file: p.name,
      migrationsTable: "pgmigrations",
      migrationsSchema: "public",
      migrationLoaderStrategies: [{ extensions: [".sql"], loader: loadMigrations }],
      noLock: true, // held already, across all of them
      logger: quiet,
    });
  } catch (cause) {
    const { code, message } = cause as { code?: string; message: string };
    const what = p.direction === "up" ? "could not be applied" : "could not be undone";
    throw new AppError(
      code === "53100" ? "disk_full" : "database_failed",
      `The migration ${p.name} ${what}: ${message.replace(/\s+/g, " ")}. Mend that, then start again.`,
      { cause },
    );
  }
}
