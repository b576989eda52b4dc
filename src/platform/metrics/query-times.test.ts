import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { addTotals, type Observed, QueryTimes, quantile } from "./query-times.ts";

const context = { request: "r-1", batch: null, query: null, span: null };
const nobody = { warn() {} };
const took = (ms: number, more: Partial<Observed> = {}): Observed => ({
  ...{ query: "a page", ms, waitedMs: 0, rows: 1, context },
  ...more,
});

function measure(statements: Observed[], slowMs = 1_000) {
  const registry = new Registry();
  const times = new QueryTimes("1", registry);
  const lines: unknown[] = [];
  const observe = times.watch({ warn: (...line: unknown[]) => void lines.push(line) }, slowMs);
  for (const statement of statements) observe(statement);
  return { registry, times, lines };
}

test("percentiles are those of the calls, within their bucket", () => {
  const sorted = Array.from({ length: 2_000 }, (_, i) => ((i * 7919) % 2_000) / 8); // 0 to 250 ms, evenly
  const [totals] = measure(sorted.map(ms => took(ms))).times.read().totals;
  for (const share of [0.5, 0.95, 0.99]) {
    const exact = (share * 250) / 1000;
    expect(Math.abs(quantile(totals!, share) - exact) / exact).toBeLessThan(0.02);
  }
  expect(quantile(measure([took(60_000)]).times.read().totals[0]!, 0.99)).toBe(30);
});

test("Prometheus gets buckets that grow, with a sum and a count", async () => {
  const { registry } = measure([took(1), took(30), took(120_000)]);
  const text = await registry.metrics();
  expect(text).toContain("# TYPE prochat_query_seconds histogram");
  const values = [...text.matchAll(/prochat_query_seconds_bucket\{le="(.*?)",query="a page"\} (\d+)/g)];
  expect(values).toHaveLength(16);
  expect(values.find(([, le]) => le === "0.001")![2]).toBe("1");
  expect(values.find(([, le]) => le === "0.05")![2]).toBe("2");
  expect(values.at(-1)!.slice(1)).toEqual(["+Inf", "3"]);
  expect(text).toContain('prochat_query_seconds_count{query="a page"} 3');
  expect(text).toMatch(/prochat_query_seconds_sum\{query="a page"\} 120\.03/);
});

test("a slow statement is logged with its wait and its request, and a quick one is not", () => {
  const { lines, times } = measure([took(10), took(900, { waitedMs: 200 }), took(1_500, { rows: null })]);
  expect(lines).toEqual([
    [{ query: "a page", ms: 900, poolWaitMs: 200, rows: 1, request: "r-1" }, "slow query"],
    [{ query: "a page", ms: 1_500, poolWaitMs: 0, failed: true, request: "r-1" }, "slow query"],
  ]);
  expect(times.read().slow.map(({ requests }) => requests)).toEqual([["r-1"], ["r-1"]]);
});

test("the slow statement of a batch names its requests, and the last fifty are kept", () => {
  const batch = { ...context, request: null, batch: ["r-1", "r-2"] };
  const { lines, times } = measure(Array.from({ length: 60 }, (_, i) => took(2_000 + i, { context: batch })));
  expect(lines[0]).toEqual([
    { query: "a page", ms: 2_000, poolWaitMs: 0, rows: 1, requests: ["r-1", "r-2"] },
    "slow query",
  ]);
  const { slow } = times.read();
  expect([slow.length, slow[0]!.ms, slow.at(-1)!.ms]).toEqual([50, 2_010, 2_059]);
});

test("the times of several processes are added", () => {
  const processes = [
    [took(1), took(3)],
    [took(5), took(7, { query: "another" })],
  ].map(statements => {
    const times = new QueryTimes("1", new Registry());
    const observe = times.watch(nobody, 1_000);
    for (const statement of statements) observe(statement);
    return times.read().totals;
  });
  expect(addTotals(processes).map(({ query, calls, seconds }) => [query, calls, Math.round(seconds * 1000)])).toEqual([
    ["a page", 3, 9],
    ["another", 1, 7],
  ]);
});
