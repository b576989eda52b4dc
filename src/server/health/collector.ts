import type { Logger } from "pino";
import type { Registry } from "prom-client";
import { type Connection, connect } from "#database/connect.ts";
import { findAnyWebsite } from "#database/health/alerts/rounds.ts";
import type { Source } from "#database/health/checks/check.ts";
import { readPast } from "#database/health/past.ts";
import { reportQueries } from "#database/health/query-report.ts";
import { runChecks } from "#database/health/run-checks.ts";
import { findReport, storeHistory, storeReport } from "#database/health/store.ts";
import type { Config } from "#platform/config.ts";
import type { Task } from "#platform/jobs/cron.ts";
import { logOf } from "#platform/log.ts";
import type { QueryTimes } from "#platform/metrics/query-times.ts";
import { readRedisFacts } from "#platform/redis/facts.ts";
import type { Vitals } from "#platform/vitals.ts";
import type { HealthQueries, HealthReport } from "#protocol/health.ts";
import { createAlerts } from "./alerts/watch.ts";
import { type Fix, mend } from "./mend.ts";
import { registerHealth } from "./metrics.ts";

type Server = {
  registry: Registry;
  queries: QueryTimes;
  vitals(): Promise<Vitals[]>;
  setHealth(report: HealthReport, queries: HealthQueries): void;
};

export type Collector = {
  /** for startJobs(): what the dashboard asks for */
  tasks: Task[];
  /** Runs the checks now and every `checkSeconds`. @param url  of a direct connection @param address  in people's browsers */
  start(url: string, address: string): void;
  stop(): Promise<void>;
};

/** Runs the checks of the installation again and again, in the first process, over one connection. */
export function createCollector(config: Config, serverLog: Logger, server: Server): Collector {
  const log = logOf(serverLog, "health", config);
  let connection: Connection | null = null;
  let url = "";
  let last: HealthReport | null = null;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;
  let isStopping = false;
  registerHealth(server.registry, () => last);
  const alerts = createAlerts(config, log, server.registry);
  let address = "";

  async function collect(checked: Connection): Promise<void> {
    const { db } = checked;
    const source = await readSource(db, config, server);
    last ??= (await findReport(db).catch(() => null))?.report ?? null;
    const { report, figures, counters } = await runChecks(db, source, { last });
    logChanges(log, last, report);
    last = report;
    const times = [server.queries.read(), ...source.vitals.flatMap(({ queries }) => queries ?? [])];
    const queries = reportQueries(times, source.now);
    server.setHealth(report, queries);
    try {
      await storeReport(db, report, queries);
      await storeHistory(db, { figures, counters });
    } catch (error) {
      log.debug({ err: error }, "the health report was not stored");
    }
    await alerts.judge(checked, report, async () => pageOf(address, await findAnyWebsite(db)));
  }

  /** One run at a time; each call is answered by a run that began after it. */
  async function run(): Promise<void> {
    while (running) await running;
    if (!connection || isStopping) return;
    running = collect(connection)
      .catch(error => log.warn({ err: error }, "the checks of the installation failed"))
      .finally(() => {
        running = null;
      });
    await running;
  }

  return {
    tasks: [
      ...alerts.tasks(() => (isStopping ? null : connection)),
      {
        name: "mend",
        async run(payload) {
          if (!connection) throw new Error("the checks have not started yet");
          const { fix } = payload as { fix: Fix };
          // Not thrown: the queue would try again for days. The next report shows that it is not mended.
          await mend(fix, { url, db: connection.db, log }).catch(error =>
            log.error({ err: error, fix }, "mending failed"),
          );
          await run();
        },
      },
    ],
    start(at, opened) {
      [url, address] = [at, opened];
      connection = connect({
        url,
        poolSize: 1,
        observe: server.queries.watch(logOf(serverLog, "database", config), config.slowQueryMs),
        onError: ({ message }) => log.debug(`The database connection of the checks broke: ${message}`),
      });
      timer = setInterval(() => running ?? void run(), config.checkSeconds * 1000);
      void run();
    },
    async stop() {
      isStopping = true;
      clearInterval(timer);
      connection?.hurry();
      await running;
      if (connection) await alerts.stop(connection);
      await connection?.close();
    },
  };
}

/** Where an alert is explained; before there is a website, the front page. */
const pageOf = (address: string, websiteId: number | null): string =>
  websiteId === null ? address : `${address}/w/${websiteId}/settings/database`;

async function readSource(db: Connection["db"], config: Config, server: Server): Promise<Omit<Source, "db" | "run">> {
  const [vitals, redis] = await Promise.all([
    server.vitals(),
    config.redisUrl === null ? null : readRedisFacts(config.redisUrl).catch(() => null),
  ]);
  return { now: new Date(), config, ...(await readPast(db)), vitals, redis };
}

/** A line for each check that got worse or well again, and none for those that stay as they were. */
function logChanges(log: Logger, last: HealthReport | null, { checks }: HealthReport): void {
  for (const { id, level, why, fix } of checks) {
    const before = last?.checks.find(check => check.id === id)?.level ?? "ok";
    if (level === before) continue;
    if (level === "error" || level === "warn") log.info({ check: id }, `${why}${fix ? ` ${fix}` : ""}`);
    else if (level === "ok" && before !== "unknown") log.info({ check: id }, `Well again: ${why}`);
  }
}
