import type { Registry } from "prom-client";
import { archiveWal, areBackupsOn, openBackups } from "#database/backup/schedule/open.ts";
import { runBackupsJob } from "#database/backup/schedule/runs.ts";
import { connect, type Db } from "#database/connect.ts";
import { examineDatabase } from "#database/connection/examine.ts";
import { askDirectly } from "#database/direct-connection.ts";
import { openDatabase } from "#database/embedded/open-database.ts";
import { findJobsSchema } from "#database/home-schema.ts";
import { migrate } from "#database/migrations/migrate.ts";
import { makePartitionsAhead } from "#database/partitions/months.ts";
import { reachDirectly } from "#database/preflight/past-pooler.ts";
import { checkRequirements } from "#database/preflight/requirements.ts";
import { waitForDatabase } from "#database/preflight/wait.ts";
import { startIndexer } from "#database/search/indexer.ts";
import { type Config, maxConnections } from "#platform/config.ts";
import { addJob, type Task } from "#platform/jobs/cron.ts";
import { type createLog, logOf } from "#platform/log.ts";
import type { QueryTimes } from "#platform/metrics/query-times.ts";
import { startOrStop } from "#platform/shutdown.ts";
import { openStorage } from "#platform/storage/open-storage.ts";
import { registerBackupGauges } from "./backups/gauges.ts";
import { backupTask } from "./backups/task.ts";
import { insertAuditEntries } from "./declaration/audit-entries.ts";
import { type AuditRecord, entryOfSystem, noWebsite } from "./declaration/audit-record.ts";
import { type JobEvents, startJobs } from "./jobs.ts";

export type PreparedDatabase = {
  /** a direct connection, for pools */
  url: string;
  /** of PostgreSQL itself, past a pooler */
  directUrl: string;
  /** the key of everything that the server signs */
  secret: string;
  db: Db;
  /** resolves when the embedded PostgreSQL has ended; never with DATABASE_URL */
  exited: Promise<void>;
  stop(): Promise<void>;
};

type Options = JobEvents & { signal: AbortSignal; registry: Registry; queries: QueryTimes; tasks: Task[] };

/** Pool for nightly jobs and start-up queries; idle connections are closed. */
const poolSize = 2;

/**
 * Opens the database and migrates it, once for all processes.
 * @param p.signal  aborted to stop before it is ready: ends a long migration
 * @param events  of the command line
 * @param p.registry  of this process, for the metrics of the backups
 * @param p.queries  measures the statements of this process
 * @throws AppError with the next step; nothing keeps running
 */
export async function prepareDatabase(
  config: Config,
  serverLog: ReturnType<typeof createLog>,
  { signal, registry, queries, tasks, ...events }: Options,
): Promise<PreparedDatabase> {
  const log = logOf(serverLog, "database", config);
  const observe = queries.watch(log, config.slowQueryMs);
  return startOrStop(async ({ add, stop }) => {
    const { secret, exited, ...database } = await openDatabase({ ...config, log });
    add(() => database.stop());
    const url = await waitForDatabase(() => examineDatabase(database.url, { isWritten: true }), { log, signal });
    const directUrl = config.directDatabaseUrl ? await reachDirectly(config.directDatabaseUrl, url) : url;
    const warning = await askDirectly(directUrl, client => checkRequirements(client, maxConnections(config)));
    if (warning) log.warn(warning);
    const applied = await migrate(directUrl, { log, signal });
    const connection = connect({
      url,
      poolSize,
      onError: ({ message }) => log.warn(`A database connection broke: ${message}`),
      observe,
    });
    add(() => connection.close());
    if (applied.length > 0)
      await insertAuditEntries(connection.db, [entryOfSystem("prochat start", migrated(applied))]);
    await makePartitionsAhead(connection.pool);
    const backupLog = logOf(serverLog, "backups", config);
    if (areBackupsOn(config) && config.backupMethod !== "logical") {
      const backups = await openBackups(config, connection.pool);
      const archiving = await archiveWal(backups, { url: directUrl, pool: connection.pool, log: backupLog });
      add(() => archiving.stop());
      registerBackupGauges(registry, archiving);
    }
    const backing = new AbortController();
    const runContext = { config, url: directUrl, pool: connection.pool, log: backupLog, signal: backing.signal };
    const backupTasks = areBackupsOn(config) ? [backupTask(runContext)] : [];
    const { auditDays, mail } = config;
    const storage = openStorage(config);
    const all = [...tasks, ...backupTasks];
    const jobsLog = logOf(serverLog, "jobs", config);
    const jobs = await startJobs(directUrl, connection.db, jobsLog, {
      ...{ auditDays, storage, mail, observe, tasks: all },
      ...events,
    });
    add(() => jobs.stop());
    const indexer = startIndexer(connection.db, log);
    add(() => indexer.stop());
    add(() => backing.abort());
    // The first backup begins now. A later one may have been due while no server ran.
    if (backupTasks.length > 0) await addJob(connection.pool, await findJobsSchema(connection.pool), runBackupsJob, {});
    return { url, directUrl, secret, db: connection.db, exited, stop };
  });
}

const migrated = (migrations: string[]): AuditRecord => ({
  websiteId: noWebsite,
  action: "database.migrated",
  target: null,
  details: { migrations },
});
