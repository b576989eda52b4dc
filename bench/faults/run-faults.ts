import { availableParallelism } from "node:os";
import { join } from "node:path";
import { createWorld } from "#lab/environment/environment.ts";
import type { Rule } from "#lab/history/check.ts";
import { startGuard } from "#lab/load/guard.ts";
import { rage, type Storm } from "#test/faults/storm.ts";
import type { Options } from "./faults-options.ts";

/** About a fault every two seconds: several at a time now and then, and moments of peace in which people catch up. */
const mostGapMs = 4_000;

/** What is to be nothing, in the words of the page; the other rules stand behind the figures too. */
const claims: Record<string, Rule[]> = {
  "acknowledged messages lost": ["lost"],
  "messages doubled": ["doubled"],
  "gaps and disorder": ["gap", "disordered"],
  "missing at a client, or left unsent": ["missing", "unsent"],
  "told to others, or not true": ["overheard", "untrue", "phantom", "altered", "admitted"],
  "refused for nothing": ["refused"],
  "unread counts that are wrong": ["unread"],
};

export async function runFaults(options: Options): Promise<void> {
  const guard = startGuard();
  const world = await createWorld({
    processes: options.processes,
    preload: [join(import.meta.dirname, "../../test/faults/small-queues.ts")],
    watch: guard,
  });
  try {
    console.error(`Seed ${options.seed}`);
    const storm = await rage(world, {
      ...options,
      mostGapMs,
      goesOn: ({ elapsedMs }) => elapsedMs < options.minutes * 60_000,
      say: console.error,
    });
    console.log(options.json ? JSON.stringify(storm) : describe(storm, options));
    if (storm.violations.length + storm.endedByItself.length > 0) process.exitCode = 1;
  } finally {
    await world.stop();
    guard.stop();
  }
}

function describe(storm: Storm, { processes, visitors }: Options): string {
  const { patience, violations } = storm;
  const struck = Object.values(storm.faults).reduce((sum, count) => sum + count, 0);
  const figures: [string, unknown][] = [
    ["faults", struck],
    ...Object.entries(storm.faults).map(([kind, count]): [string, unknown] => [`  ${kind}`, count]),
    ["messages written", storm.sent],
    ["  acknowledged", storm.acknowledged],
    ["messages stored, with what happened", storm.stored],
    ["pages that listened", storm.listeners],
    ["  messages that they were told of", storm.heard],
    ["  times that one came back", storm.reconnects],
    ...Object.entries(storm.refusals).map(([code, count]): [string, unknown] => [`refused: ${code}`, count]),
    ["from the end of a fault until all held all, median", `${(patience.medianMs / 1000).toFixed(1)} s`],
    [`  longest, after: ${patience.longestAfter}`, `${(patience.longestMs / 1000).toFixed(1)} s`],
    ...Object.entries(claims).map(([claim, rules]): [string, unknown] => [
      claim,
      violations.filter(({ rule }) => rules.includes(rule)).length,
    ]),
    ["processes that ended by themselves", storm.endedByItself.length],
  ];
  return [
    `${(storm.tookMs / 60_000).toFixed(1)} minutes, seed ${storm.seed}: ${visitors} visitors, ${processes} server ` +
      `processes, PostgreSQL 18 with fsync on, Redis, ${availableParallelism()} cores`,
    ...figures.map(([name, figure]) => `${name.padEnd(52)} ${String(figure).padStart(8)}`),
    ...violations.map(({ rule, what }) => `${rule}: ${what}`),
    ...storm.endedByItself,
  ].join("\n");
}
