import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { HealthCheck } from "#protocol/health.ts";
import { checks } from "./list.ts";

const root = join(import.meta.dirname, "../../../..");
const read = (file: string) => readFileSync(join(root, "docs", file), "utf8");

test("each check has its paragraph in docs/health.md, and each paragraph a check", () => {
  const headings = [...read("health.md").matchAll(/^### (\S+)$/gm)].map(([, id]) => id);
  expect(headings.toSorted()).toEqual([...checks.map(({ id }) => id), "database"].toSorted());
});

/** Prometheus counts in base units; what counts things has none in its name. */
const endings: Partial<Record<HealthCheck["unit"], string>> = {
  bytes: "_bytes",
  seconds: "_seconds",
  days: "_seconds",
  percent: "_ratio",
};

test("each metric of a check is in docs/metrics.md, and its name ends with its base unit", () => {
  const metrics = checks.flatMap(({ metric, unit }) => (metric ? [{ metric, unit }] : []));
  expect(metrics).toEqual([...new Set(metrics)]);
  for (const { metric, unit } of metrics) {
    expect(read("metrics.md")).toContain(`\`${metric}\``);
    expect(/_(bytes|seconds|ratio|percent|days|months)$/.exec(metric)?.[0], metric).toBe(endings[unit]);
  }
});
