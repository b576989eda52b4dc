import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checks } from "./list.ts";

const root = join(import.meta.dirname, "../../../..");
const read = (file: string) => readFileSync(join(root, "docs", file), "utf8");

test("each check has its paragraph in docs/health.md, and each paragraph a check", () => {
  const headings = [...read("health.md").matchAll(/^### (\S+)$/gm)].map(([, id]) => id);
  expect(headings.toSorted()).toEqual([...checks.map(({ id }) => id), "database"].toSorted());
});

test("each metric of a check is in docs/metrics.md, and has a unit in its name", () => {
  const metrics = checks.flatMap(({ metric }) => metric ?? []);
  expect(metrics).toEqual([...new Set(metrics)]);
  for (const metric of metrics) expect(read("metrics.md")).toContain(`\`${metric}\``);
});
