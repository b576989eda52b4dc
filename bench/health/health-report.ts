import { type Claim, claimsTable } from "#bench/report/claims.ts";
import { inMs, table } from "#bench/report/table.ts";
import type { Latency } from "#lab/load/latency.ts";

export type Options = { messages: number; websites: number; viewers: number; seconds: number; opens: number };

export type HealthReport = Options & {
  cores: number;
  /** of the machine, at the end */
  load: number;
  databaseGb: number;
  /** seconds between two runs that are the default */
  checkSeconds: number;
  /** processor time of one run of the checks, and how long it takes */
  run: { serverMs: number; postgresMs: number; tookMs: number; runs: number };
  /** how long it took to open something, by the name of the way */
  opened: { name: string; latency: Latency }[];
};

/** The names that the claims ask for. */
export const inBrowser = "Chromium: from the click to the sentence on top";

const maxShare = 0.01;
const maxOpenMs = 300;

export function describeHealth(report: HealthReport): string {
  const { run, opened, messages, websites, viewers, databaseGb, load } = report;
  const rows = opened.map(({ name, latency: { count, p50Ms, p99Ms, maxMs } }) => [
    name,
    String(count),
    ...[p50Ms, p99Ms, maxMs].map(inMs),
  ]);
  return [
    `${messages.toLocaleString("en-US")} messages of ${websites.toLocaleString("en-US")} websites (${databaseGb.toFixed(1)} GB), ` +
      `${viewers} others look at the page, load ${load.toFixed(1)}`,
    table(
      ["a run of the checks", "ms"],
      [
        ["processor time of the server", inMs(run.serverMs)],
        ["processor time of PostgreSQL", inMs(run.postgresMs)],
        [`from begin to end, mean of ${run.runs}`, inMs(run.tookMs)],
      ],
    ),
    table(["opened", "times", "p50, ms", "p99, ms", "longest, ms"], rows),
    claimsTable(judge(report)),
  ].join("\n\n");
}

function judge({ run, cores, checkSeconds, opened }: HealthReport): Claim[] {
  const share = (run.serverMs + run.postgresMs) / (checkSeconds * 1000 * cores);
  const { p50Ms, p99Ms } = opened.find(({ name }) => name === inBrowser)!.latency;
  return [
    {
      claim: `watching, every ${checkSeconds} seconds, takes at most ${maxShare * 100}% of the processor time of ${cores} cores`,
      measured: `${(share * 100).toFixed(2)}%`,
      isKept: share <= maxShare,
    },
    {
      claim: `the page opens within ${maxOpenMs} ms`,
      measured: `p50 ${inMs(p50Ms)} ms, p99 ${inMs(p99Ms)} ms`,
      isKept: p99Ms <= maxOpenMs,
    },
  ];
}
