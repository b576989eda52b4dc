import { availableParallelism } from "node:os";
import { createEnvironment } from "#lab/environment/environment.ts";
import { type FaultReport, runFaults, smallQueues } from "#lab/faults/run-faults.ts";
import type { Rule } from "#lab/history/violation.ts";
import { startGuard } from "#lab/programs/guard.ts";
import type { Options } from "./faults-options.ts";

/** About a fault every two seconds: sometimes several at a time, sometimes none, so that clients can catch up. */
const maxGapMs = 4_000;

/** What must be zero, in the words of docs/benchmarks.md. */
const claims: Record<string, Rule[]> = {
  "acknowledged messages lost": ["lost"],
  "messages doubled": ["doubled"],
  "gaps and disorder": ["gap", "disordered"],
  "edits and deletions lost or undone": ["reverted", "resurrected", "outdated"],
  "missing at a client, or left unsent": ["missing", "unsent"],
  "delivered to others, or altered": ["leaked", "unstored", "phantom", "altered", "accepted"],
  "refused without reason": ["refused"],
  "wrong unread counts and previews": ["unread", "stale"],
};

export async function measureFaults(options: Options): Promise<void> {
  const guard = startGuard();
  const environment = await createEnvironment({ processes: options.processes, preload: [smallQueues], guard });
  try {
    console.error(`Seed ${options.seed}`);
    const report = await runFaults(environment, {
      ...options,
      maxGapMs,
      hasNext: ({ elapsedMs }) => elapsedMs < options.minutes * 60_000,
      print: console.error,
    });
    console.log(options.json ? JSON.stringify(report) : describe(report, options));
    if (report.violations.length + report.unexpectedEnds.length + report.errors.length > 0) process.exitCode = 1;
  } finally {
    await environment.stop();
    guard.stop();
  }
}

function describe(report: FaultReport, { processes, visitors }: Options): string {
  const { recovery, violations } = report;
  const count = Object.values(report.faults).reduce((sum, each) => sum + each, 0);
  const figures: [string, unknown][] = [
    ["faults", count],
    ...Object.entries(report.faults).map(([name, times]): [string, unknown] => [`  ${name}`, times]),
    ["messages written", report.sent],
    ["  acknowledged", report.acknowledged],
    ["messages edited", report.edits],
    ["messages deleted", report.deletions],
    ["messages stored, with events", report.stored],
    ["pages", report.receivers],
    ["  messages received", report.received],
    ["  reconnects", report.reconnects],
    ...Object.entries(report.refusals).map(([code, times]): [string, unknown] => [`refused: ${code}`, times]),
    ["from the end of a fault until complete, median", `${(recovery.medianMs / 1000).toFixed(1)} s`],
    [`  longest, after: ${recovery.maxAfter}`, `${(recovery.maxMs / 1000).toFixed(1)} s`],
    ...Object.entries(claims).map(([claim, rules]): [string, unknown] => [
      claim,
      violations.filter(({ rule }) => rules.includes(rule)).length,
    ]),
    ["processes that ended without a fault", report.unexpectedEnds.length],
    ["requests that failed inside the server", report.errors.length],
  ];
  return [
    `${(report.tookMs / 60_000).toFixed(1)} minutes, seed ${report.seed}: ${visitors} visitors, ${processes} server ` +
      `processes, PostgreSQL 18 with fsync on, Redis, ${availableParallelism()} cores`,
    ...figures.map(([name, figure]) => `${name.padEnd(52)} ${String(figure).padStart(8)}`),
    ...violations.map(({ rule, what }) => `${rule}: ${what}`),
    ...report.unexpectedEnds,
    ...report.errors,
  ].join("\n");
}
