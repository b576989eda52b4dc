import { readPooler } from "#database/connection/options.ts";
import { connectDirectly } from "#database/direct-connection.ts";
import type { Log } from "#platform/log.ts";
import { maskUrl } from "#platform/mask-url.ts";
import { AppError } from "#protocol/errors.ts";
import { dropCursors } from "./backfill/cursor.ts";
import { createHistory, type MigrationState, readStates, recordRun } from "./history.ts";
import { checkSafety } from "./safety/check-safety.ts";
import { type Session, withSession } from "./session/session.ts";
import { runInTransaction } from "./session/transaction.ts";
import { type Direction, migrationsDir, readMigration } from "./sql/files.ts";
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
 * @throws AppError "database_unreachable", "database_unsupported", "database_newer", "disk_full", "lock_not_available",
 *   "interrupted" or "database_failed"
 */
export async function migrate(url: string, { log, dir = migrationsDir, signal = never() }: Options): Promise<string[]> {
  // Through a pooler in transaction mode nothing can be migrated, but a start need not.
  if (readPooler(url) === "transaction" && (await isMigrated(url, dir))) return [];
  return withSession(url, { log, signal }, async session => {
    const states = await openHistory(url, session, dir);
    const pending = states.filter(state => !state.appliedAt).map(state => state.name);
    for (const name of pending) {
      log.info(`Migrating ${name}`);
      await runOne(session, name, "up", dir);
    }
    return pending;
  });
}

/**
 * Undoes the migration that was applied last.
 * @returns its name, or null if there is none
 * @throws as migrate()
 */
export async function undoMigration(
  url: string,
  { log, dir = migrationsDir, signal = never() }: Options,
): Promise<string | null> {
  return withSession(url, { log, signal }, async session => {
    const states = await openHistory(url, session, dir);
    const name = states.findLast(state => state.appliedAt)?.name ?? null;
    if (name) await runOne(session, name, "down", dir);
    return name;
  });
}

/** Every migration of the program and of the database, in order, and when it was applied. Changes nothing. */
export async function migrationStatus(url: string, dir = migrationsDir): Promise<MigrationState[]> {
  const client = await connectDirectly(url);
  try {
    return await readStates(client, dir);
  } finally {
    await client.end();
  }
}

/** The number of conversations; 0 also if the table does not exist yet. */
export async function countConversations(url: string): Promise<number> {
  const client = await connectDirectly(url);
  try {
    const { rows: tables } = await client.query("select to_regclass('public.conversations') is not null as found");
    if (!tables[0].found) return 0;
    const { rows } = await client.query("select count(*)::integer as count from public.conversations");
    return rows[0].count;
  } finally {
    await client.end();
  }
}

/** @throws AppError "database_newer" if the database has migrations that this program does not have */
export function refuseNewer(url: string, states: MigrationState[]): void {
  const unknown = states.filter(state => !state.known).map(state => state.name);
  if (unknown.length === 0) return;
  throw new AppError(
    "database_newer",
    `The database ${maskUrl(url)} is newer than this Pro LiveChat: it has ${unknown.join(", ")}. ` +
      "Start the newer version; nothing was changed.",
  );
}

async function isMigrated(url: string, dir: string): Promise<boolean> {
  const states = await migrationStatus(url, dir);
  refuseNewer(url, states);
  return states.every(state => state.appliedAt);
}

async function openHistory(url: string, { client }: Session, dir: string): Promise<MigrationState[]> {
  await createHistory(client);
  const states = await readStates(client, dir);
  refuseNewer(url, states);
  return states;
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
