import type pg from "pg";
import type { Logger } from "pino";
import { connect, type Db } from "#database/connect.ts";
import { recount } from "#database/lifecycle/recount.ts";
import { makePartitionsAhead } from "#database/partitions/months.ts";
import { type CronTask, startCron } from "#platform/jobs/cron.ts";
import { startOrStop } from "#platform/shutdown.ts";
import { expireEntries } from "#server/features/audit/feature.ts";

/** 24 hours, and 24 more in case the server was down during the last run. */
const recountHours = 48;

const dayMs = 86_400_000;

const nightly = (pool: pg.Pool, db: Db, log: Logger, auditDays: number): CronTask[] => [
  {
    name: "make-partitions",
    schedule: "17 3 * * *",
    async run() {
      const made = await makePartitionsAhead(pool);
      if (made > 0) log.info(`Created ${made} partitions of messages for the next months`);
    },
  },
  {
    name: "recount",
    schedule: "37 3 * * *",
    async run() {
      for (const drift of await recount(db, { sinceHours: recountHours })) {
        log.error(drift, "the counters of a conversation differed from its messages and were corrected");
      }
    },
  },
  {
    name: "expire-audit",
    schedule: "57 3 * * *",
    async run() {
      const expired = await expireEntries(db, new Date(Date.now() - auditDays * dayMs));
      if (expired > 0) log.info(`Deleted ${expired} entries of the audit log that were older than ${auditDays} days`);
    },
  },
];

/**
 * Starts the nightly jobs.
 * @param url  of a direct connection, which the jobs keep
 */
export const startJobs = (url: string, db: Db, log: Logger, auditDays: number): Promise<{ stop(): Promise<void> }> =>
  startOrStop(async ({ add, stop }) => {
    let isStopping = false;
    const { pool, hurry, close } = connect({
      url,
      poolSize: 2,
      onError: ({ message }) => isStopping || log.warn(`A database connection of the jobs broke: ${message}`),
    });
    add(close);
    const cron = await startCron(pool, nightly(pool, db, log, auditDays), log);
    add(() => {
      isStopping = true;
      hurry();
      return cron.stop();
    });
    return { stop };
  });
