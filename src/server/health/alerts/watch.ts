import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { Connection } from "#database/connect.ts";
import { expireAlerts, listOpenAlerts } from "#database/health/alerts/alerts.ts";
import { findNextTry } from "#database/health/alerts/deliveries.ts";
import { alertRules } from "#database/health/alerts/judge.ts";
import { removeServerReport, storeServerReport } from "#database/health/alerts/rounds.ts";
import { runRound } from "#database/health/alerts/run-round.ts";
import { findJobsSchema } from "#database/home-schema.ts";
import type { Config } from "#platform/config.ts";
import { addJob, type Task } from "#platform/jobs/cron.ts";
import { gauges } from "#platform/metrics/gauges.ts";
import { type AlertLevel, alertLevels } from "#protocol/alerts.ts";
import type { HealthReport } from "#protocol/health.ts";
import { watchAway } from "./away.ts";
import { deliverAlerts, deliverAlertsJob } from "./deliver.ts";

const sendingGraceMs = 3_000;

type Seen = { open: AlertLevel[]; waiting: number };

export type Alerts = {
  /** for startJobs(). @param connect  the connection of the checks; null before they have started */
  tasks(connect: () => Connection | null): Task[];
  /** What the checks found is judged. @param url  of the page that an alert leads to */
  judge(connection: Connection, report: HealthReport, url: () => Promise<string>): Promise<void>;
  stop(connection: Connection): Promise<void>;
};

/** Makes alerts of the reports of this server and of the others on its database, and sends them. */
export function createAlerts(config: Config, log: Logger, registry: Registry): Alerts {
  const id = randomUUID();
  const away = watchAway({ dataDir: config.dataDir, rules: alertRules, settings: config, log });
  let lastUrl = "";
  let seen: Seen | null = null;
  let sending: Promise<unknown> = Promise.resolve();
  let isStopping = false;
  registerAlerts(registry, () => seen);

  async function sendDue({ db, pool }: Connection): Promise<void> {
    const inSeconds = await deliverAlerts(db, config, log);
    if (inSeconds === null || isStopping) return;
    const runAt = new Date(Date.now() + inSeconds * 1000);
    await addJob(pool, await findJobsSchema(pool), deliverAlertsJob, {}, { runAt, jobKey: deliverAlertsJob });
  }

  return {
    tasks: connect => [
      {
        name: deliverAlertsJob,
        schedule: "* * * * *",
        async run() {
          const connection = connect();
          if (!connection) return; // the next server sends it
          const sent = sendDue(connection).catch(error => {
            if (!isStopping) throw error;
          });
          sending = sent.catch(() => {});
          await sent;
        },
      },
      {
        name: "expire-alerts",
        schedule: "47 4 * * *",
        async run() {
          const connection = connect();
          if (connection) await expireAlerts(connection.db);
        },
      },
    ],
    async judge({ db, pool }, report, url) {
      if (report.checks.find(check => check.id === "database")?.level === "error") {
        await away.seen(report, lastUrl);
        return;
      }
      lastUrl = await url();
      await away.back(db);
      await storeServerReport(db, { id, host: hostname(), report });
      const round = await runRound(db, { rules: alertRules, everyMs: config.checkSeconds * 1000, url: lastUrl });
      if (round?.hasNotices)
        await addJob(pool, await findJobsSchema(pool), deliverAlertsJob, {}, { jobKey: deliverAlertsJob });
      const open = (await listOpenAlerts(db)).map(({ level }) => level);
      seen = { open, waiting: (await findNextTry(db))?.waiting ?? 0 };
    },
    async stop({ db }) {
      isStopping = true;
      // A notice that a receiver takes now would be sent once more by the next server, with the same id.
      await Promise.race([sending, sleep(sendingGraceMs, null, { ref: false })]);
      await removeServerReport(db, id).catch(() => {}); // it is soon too old to count
    },
  };
}

function registerAlerts(registry: Registry, read: () => Seen | null): void {
  gauges(registry, { name: "prochat_alerts", help: "Open alerts", labelNames: ["level"] }, () => {
    const seen = read();
    return seen ? alertLevels.map(level => [{ level }, seen.open.filter(each => each === level).length]) : [];
  });
  const waiting = { name: "prochat_alert_deliveries_waiting", help: "Notices of alerts that are tried again" };
  gauges(registry, waiting, () => {
    const seen = read();
    return seen ? [[{}, seen.waiting]] : [];
  });
}
