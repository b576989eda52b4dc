import type pg from "pg";
import { checkHealth } from "#cli/check-health.ts";
import { eventually } from "#lab/eventually.ts";
import { scrape } from "#lab/programs/metrics.ts";
import type { Config } from "#platform/config.ts";
import { type HealthCheck, type HealthLevel, type HealthReport, healthLevels } from "#protocol/health.ts";
import type { App } from "./app.ts";

/** What an operator sees of the checks: on the Database page, from prochat doctor and in the metrics. */
export type SeenHealth = {
  /** the check's level in each of the three places, which should agree; undefined where it is not shown */
  levels(id: string): (HealthLevel | undefined)[];
  /** as the page has it */
  check(id: string): HealthCheck | undefined;
};

/**
 * Lets the server check itself now and judge its alerts, and looks in all three places.
 * @param config  of the server
 * @param database  its own, if it is not the app's
 */
export async function seeHealth(
  app: App,
  config: Config,
  database: { sql: pg.Pool; url: string } = { sql: app.sql, url: app.databaseUrl },
): Promise<SeenHealth> {
  const path = `/websites/${app.website.id}/health`;
  const asked = new Date().toISOString();
  await database.sql.query("update alert_rounds set judged_at = '-infinity'");
  await app.owner.api("POST", `${path}/mend`, { fix: "check-again" });
  const page = await eventually(async () => {
    const report = await app.owner.api<HealthReport>("GET", path);
    if (report.at <= asked) throw new Error(`The last report is of ${report.at}, which is before ${asked}.`);
    const { rows } = await database.sql.query("select judged_at > '-infinity' as judged from alert_rounds");
    if (!rows[0].judged) throw new Error("The report was not judged yet.");
    return report;
  });
  const metrics = await scrape(app.url);
  const doctor = await checkHealth(database.url, config);
  const find = (report: HealthReport, id: string) => report.checks.find(check => check.id === id);
  return {
    levels: id => [
      find(page, id)?.level,
      find(doctor, id)?.level,
      healthLevels.find(level => metrics.sum("prochat_check", { check: id, level }) === 1),
    ],
    check: id => find(page, id),
  };
}
