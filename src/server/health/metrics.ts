import type { Registry } from "prom-client";
import { checks } from "#database/health/checks/list.ts";
import { database } from "#database/health/run-checks.ts";
import { gauges } from "#platform/metrics/gauges.ts";
import { type HealthCheck, type HealthReport, healthLevels } from "#protocol/health.ts";

/** The last report for Prometheus: the level of each check, and the values that have a name there. */
export function registerHealth(registry: Registry, last: () => HealthReport | null): void {
  gauges(
    registry,
    { name: "prochat_check", help: "1 for the level that a check has, else 0", labelNames: ["check", "level"] },
    () =>
      (last()?.checks ?? []).flatMap(check =>
        healthLevels.map(
          level =>
            [{ check: check.id, level }, check.level === level ? 1 : 0] as [Record<"check" | "level", string>, number],
        ),
      ),
  );
  const at = { name: "prochat_checks_timestamp_seconds", help: "When the checks ran last, in seconds since 1970" };
  gauges(registry, at, () => {
    const report = last();
    return report ? [[{}, Date.parse(report.at) / 1000]] : [];
  });
  for (const { id, metric, title, unit } of [database, ...checks]) {
    if (!metric) continue;
    gauges(registry, { name: metric, help: title }, () => {
      const value = last()?.checks.find(check => check.id === id)?.value;
      return value == null ? [] : [[{}, value * (inBaseUnits[unit] ?? 1)]];
    });
  }
}

/** Prometheus counts in seconds and bytes, and from 0 to 1. */
const inBaseUnits: Partial<Record<HealthCheck["unit"], number>> = { percent: 0.01, days: 86_400 };
