import type pg from "pg";
import type { Logger } from "pino";
import { connect, type Db } from "#database/connect.ts";
import type { Observe } from "#database/connection/observe.ts";
import { findJobsSchema } from "#database/home-schema.ts";
import { recount } from "#database/lifecycle/recount.ts";
import { clearUnreadFlags } from "#database/lifecycle/unread-flags.ts";
import { makePartitionsAhead } from "#database/partitions/months.ts";
import { storeErasures } from "#database/privacy/ledger.ts";
import { readClock } from "#database/retention/runs.ts";
import { reconcile } from "#database/search/reconcile.ts";
import { measureWebsites } from "#database/sizes/measure-websites.ts";
import { named } from "#database/statements/query-names.ts";
import { addJob, startCron, type Task } from "#platform/jobs/cron.ts";
import type { MailSettings } from "#platform/mail/addresses.ts";
import { startOrStop } from "#platform/shutdown.ts";
import type { Storage } from "#platform/storage/storage.ts";
import { limits } from "#protocol/limits.ts";
import { expireEntries } from "#server/features/audit/feature.ts";
import { runExportJob } from "#server/features/exports/actions.ts";
import { runExport, sweepExports } from "#server/features/exports/run.ts";
import { mailTask } from "#server/features/missed-answers/feature.ts";
import { requireSameClock } from "#server/features/retention/rules.ts";
import { runRetention } from "#server/features/retention/run.ts";
import type { BroughtBack } from "#server/features/trash/bring-back.ts";
import { purgeTrash } from "#server/features/trash/purge.ts";

/** 24 hours, and 24 more in case the server was down during the last run. */
const recountHours = 48;

const dayMs = 86_400_000;

/** Added by `prochat reset-password`: the sockets of the user in its payload end at once, in all processes. */
export const sessionsEndedJob = "sessions-ended";

/** Added by `prochat undo`: its payload is published to every open screen, by all processes. */
export const broughtBackJob = "brought-back";

type Resources = { url: string; pool: pg.Pool; db: Db; log: Logger; signal: AbortSignal };

const cronTasks = ({ url, pool, db, log, signal }: Resources, { auditDays, storage }: JobOptions): Task[] => [
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
    name: "check-search",
    schedule: "52 * * * *",
    run: async () => void (await reconcile(db)),
  },
  {
    name: "clear-unread-flags",
    schedule: "*/10 * * * *",
    run: async () => void (await clearUnreadFlags(db)),
  },
  {
    name: "purge-trash",
    schedule: "7 4 * * *",
    async run() {
      const purged = await purgeTrash(db);
      const what = Object.entries(purged).flatMap(([kind, count]) => (count > 0 ? [`${count} ${kind}`] : []));
      if (what.length > 0) {
        log.info(`Deleted for good, ${limits.undoDays} days after their deletion: ${what.join(", ")}`);
      }
    },
  },
  {
    // Each minute: what is not there when the database is lost, a restored backup does not know.
    name: "store-erasures",
    schedule: "* * * * *",
    run: async () => void (await storeErasures(db, storage)),
  },
  {
    name: "retention",
    schedule: "27 4 * * *",
    async run() {
      const now = await readClock(db);
      requireSameClock(now);
      await runRetention({ url, db, storage, log, signal, by: "prochat start", now });
    },
  },
  {
    name: "measure-websites",
    schedule: "47 4 * * *",
    run: async () => void (await measureWebsites(db, new Date())),
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

/** What the command line does for open screens. */
export type JobEvents = {
  /** called after the command line has ended the sessions of a user, on one of the servers of the database */
  onSessionsEnded(userId: string): void;
  /** called after the command line has brought something back, on one of the servers of the database */
  onBroughtBack(what: BroughtBack): void;
};

type JobOptions = JobEvents & {
  auditDays: number;
  storage: Storage;
  mail: MailSettings | null;
  /** called with each statement of the queue */
  observe?: Observe;
  /** of the checks and the backups, which run beside the jobs */
  tasks?: Task[];
};

/**
 * Starts the jobs that run by the clock, and those that the command line adds for the server.
 * @param url  of a direct connection, which the jobs keep
 */
export const startJobs = (url: string, db: Db, log: Logger, options: JobOptions): Promise<{ stop(): Promise<void> }> =>
  startOrStop(async ({ add, stop }) => {
    let isStopping = false;
    const stopped = new AbortController();
    const { pool, hurry, close } = connect({
      url,
      poolSize: 4,
      ...(options.observe && { observe: options.observe }),
      onError: ({ message }) => isStopping || log.warn(`A database connection of the jobs broke: ${message}`),
    });
    add(close);
    const sessionsEnded: Task = {
      name: sessionsEndedJob,
      run: payload => options.onSessionsEnded((payload as { userId: string }).userId),
    };
    const schema = await findJobsSchema(pool);
    const exporting = { url, db, storage: options.storage, log };
    const exportTasks: Task[] = [
      // Admins ask for many, and each may take an hour.
      {
        name: runExportJob,
        lane: "exports",
        run: payload => runExport(exporting, payload as { websiteId: number; id: string }),
      },
      {
        name: "sweep-exports",
        schedule: "*/10 * * * *",
        run: () => sweepExports(exporting, key => addJob(pool, schema, runExportJob, key)),
      },
    ];
    const broughtBack: Task = { name: broughtBackJob, run: payload => options.onBroughtBack(payload as BroughtBack) };
    const tasks = [
      ...cronTasks({ url, pool, db, log, signal: stopped.signal }, options),
      ...exportTasks,
      mailTask({ db, mail: options.mail }),
      ...[sessionsEnded, broughtBack],
      ...(options.tasks ?? []),
    ];
    const cron = await named("the queue of jobs", () => startCron(pool, schema, tasks, log));
    add(() => {
      isStopping = true;
      stopped.abort();
      hurry();
      return cron.stop();
    });
    return { stop };
  });
