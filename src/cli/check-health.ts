import { connect } from "#database/connect.ts";
import { readPast } from "#database/health/past.ts";
import { runChecks, summarize } from "#database/health/run-checks.ts";
import { findReport } from "#database/health/store.ts";
import type { Config } from "#platform/config.ts";
import { readRedisFacts } from "#platform/redis/facts.ts";
import { type HealthReport, worstLevel } from "#protocol/health.ts";

/** An older report is of a server that does not run any more. */
const maxAgeSeconds = 180;

/** Runs the checks now. What only the server knows, its processes, is taken from its last report. */
export async function checkHealth(url: string, config: Config): Promise<HealthReport> {
  const connection = connect({ url, poolSize: 1, onError: () => {} });
  try {
    const { db } = connection;
    const stored = await findReport(db);
    const last = stored?.report ?? null;
    const redis = config.redisUrl === null ? null : await readRedisFacts(config.redisUrl).catch(() => null);
    const source = { now: new Date(), config, ...(await readPast(db)), vitals: [], redis };
    const { report } = await runChecks(db, source, { last });
    const seen = new Set(report.checks.map(({ id }) => id));
    const others = stored && stored.ageSeconds < maxAgeSeconds ? stored.report.checks : [];
    const checks = [...report.checks, ...others.filter(({ id, about }) => about === "server" && !seen.has(id))];
    return { ...report, checks, level: worstLevel(checks.map(({ level }) => level)), summary: summarize(checks) };
  } finally {
    await connection.close();
  }
}
