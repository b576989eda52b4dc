import { connect, type Db } from "#database/connect.ts";
import { openDatabase } from "#database/embedded/open-database.ts";
import { migrate } from "#database/migrations/migrate.ts";
import { makePartitionsAhead } from "#database/partitions/months.ts";
import type { Config } from "#platform/config.ts";
import type { createLog } from "#platform/log.ts";
import { startOrStop } from "#platform/shutdown.ts";
import { insertAuditEntries } from "./declaration/audit-entries.ts";
import { type AuditRecord, entryOfSystem, noWebsite } from "./declaration/audit-record.ts";
import { startJobs } from "./jobs.ts";

export type PreparedDatabase = {
  /** a direct connection, for pools */
  url: string;
  /** what everything that is signed is signed with */
  secret: string;
  db: Db;
  /** resolves when the embedded PostgreSQL has ended; never with DATABASE_URL */
  exited: Promise<void>;
  stop(): Promise<void>;
};

/** Of its own, for the nightly jobs and what is asked once at the start; they are closed while nobody asks. */
const poolSize = 2;

/**
 * Opens the database and brings it up to date: once for however many processes use it.
 * @param signal  aborted when it is to stop before it is ready: ends a migration that takes long
 * @throws AppError that says what to do; nothing is left running
 */
export async function prepareDatabase(
  config: Config,
  log: ReturnType<typeof createLog>,
  signal: AbortSignal,
): Promise<PreparedDatabase> {
  return startOrStop(async ({ add, stop }) => {
    const { url, secret, exited, stop: stopDatabase } = await openDatabase({ ...config, log });
    add(stopDatabase);
    const applied = await migrate(url, { log, signal });
    const connection = connect({
      url,
      poolSize,
      onError: ({ message }) => log.warn(`A database connection broke: ${message}`),
    });
    add(() => connection.close());
    if (applied.length > 0)
      await insertAuditEntries(connection.db, [entryOfSystem("prochat start", migrated(applied))]);
    await makePartitionsAhead(connection.pool);
    const jobs = await startJobs(url, connection.db, log, config.auditDays);
    add(() => jobs.stop());
    return { url, secret, db: connection.db, exited, stop };
  });
}

const migrated = (migrations: string[]): AuditRecord => ({
  websiteId: noWebsite,
  action: "database.migrated",
  target: null,
  details: { migrations },
});
