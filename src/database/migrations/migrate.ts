import type pg from "pg";
import type { Log } from "#platform/log.ts";
import { AppError } from "#protocol/errors.ts";
import { dropCursors } from "./backfill/cursor.ts";
import { openHistory, recordRun } from "./history.ts";
import { checkHidden, checkHome } from "./safety/check-home.ts";
import { checkSafety } from "./safety/check-safety.ts";
import { isBeingUndone } from "./session/advisory-lock.ts";
import { enterHome, type Home } from "./session/home.ts";
import { type Session, withSession } from "./session/session.ts";
import { runInTransaction } from "./session/transaction.ts";
import { type Direction, migrationsDir, readMigration } from "./sql/files.ts";
import { readDatabase } from "./status.ts";
import { runSteps } from "./steps.ts";

type Options = {
  log: Log;
  /** the folder of the .sql files */
  dir?: string;
  /** aborted when the program must stop: the statement is cancelled, and nothing invalid stays */
  signal?: AbortSignal;
};

/**
 * Migrates the database to this program's version, while others use it. Several servers may call it at once: one
 * migrates, the others wait.
 * @param url  a direct connection, not one through a transaction-mode pooler
 * @returns the names of the migrations that this call applied, in order
 * @throws AppError "database_unreachable", "database_unsupported", "database_newer", "database_refused" (rights or names),
 *   "disk_full", "lock_not_available", "interrupted" or "database_failed"
 */
export async function migrate(url: string, { log, dir = migrationsDir, signal = never() }: Options): Promise<string[]> {
  const isNeeded = (client: pg.Client) => isMigrationNeeded(client, url, dir);
  const applied = await withSession(url, { log, signal, isNeeded }, async session => {
    const { home, states } = await readDatabase(session.client, url, dir);
    const pending = states.filter(state => !state.appliedAt).map(state => state.name);
    await checkHome(session.client, home, await Promise.all(pending.map(name => readMigration(name, dir))));
    await enterHome(session.client, home);
    await openHistory(session.client, home);
    for (const name of pending) {
      log.info(`Migrating ${name}`);
      await runOne(session, name, "up", dir);
    }
    return pending;
  });
  return applied ?? [];
}

/**
 * Undoes the migration that was applied last.
 * @param check  runs before anything changes, while no other server migrates; throws to refuse
 * @returns its name, or null if there is none
 * @throws as migrate(), and what `check` throws
 */
export async function undoMigration(
  url: string,
  {
    log,
    dir = migrationsDir,
    signal = never(),
    check = async () => {},
  }: Options & { check?: (session: Session, home: Home) => Promise<void> },
): Promise<string | null> {
  return withSession(url, { log, signal, isUndo: true }, async session => {
    const { home, states } = await readDatabase(session.client, url, dir);
    const name = states.findLast(state => state.appliedAt)?.name ?? null;
    if (!name) return null;
    await checkHidden(session.client, home);
    await check(session, home);
    await enterHome(session.client, home);
    await openHistory(session.client, home);
    await runOne(session, name, "down", dir);
    return name;
  });
}

/** False: all migrations are applied. Such a start does not wait for another one's lock, which may have been left behind. */
async function isMigrationNeeded(client: pg.Client, url: string, dir: string): Promise<boolean> {
  const { home, states } = await readDatabase(client, url, dir);
  if (home.historySchema !== home.schema || states.some(state => !state.appliedAt)) return true;
  await checkHome(client, home, []);
  return isBeingUndone(client);
}

async function runOne(session: Session, name: string, direction: Direction, dir: string): Promise<void> {
  const { client, log } = session;
  try {
    const migration = await readMigration(name, dir);
    const statements = migration[direction];
    if (!statements) throw new Error('it has no "-- Down Migration"');
    await checkSafety(client, migration, direction, log);
    if (!migration.isTransaction) await runSteps(session, `${name} ${direction}`, statements);
    await runInTransaction(session, {
      what: `${name} ${direction}`,
      statements: migration.isTransaction ? statements : [],
      finish: async () => {
        await recordRun(client, name, direction);
        await dropCursors(client);
      },
    });
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const { code, message } = cause as { code?: string; message: string };
    const what = direction === "up" ? "could not be applied" : "could not be undone";
    throw new AppError(
      code === "53100" ? "disk_full" : "database_failed",
      `The migration ${name} ${what}: ${message.replace(/\s+/g, " ")}. Fix that, then start again.`,
      { cause },
    );
  }
}

const never = () => new AbortController().signal;
