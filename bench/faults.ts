import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { createWorld } from "#lab/environment/environment.ts";
import type { Rule } from "#lab/history/check.ts";
import { startGuard } from "#lab/load/guard.ts";
import { rage, type Storm } from "#test/faults/storm.ts";

type Options = { minutes: number; seed: number; visitors: number; processes: number; json?: true };

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

export const faultsCommand = () =>
  new Command("faults")
    .description("people chat while servers, PostgreSQL, Redis and networks break; then everything is compared")
    .option("--minutes <n>", "how long things break; it ends when all is quiet again", readNumber, 10)
    .option("--seed <n>", "of the faults and of what people do", readNumber, Date.now() % 1_000_000)
    .option("--visitors <n>", "at a time; six agents answer", readNumber, 24)
    .option("--processes <n>", "of the server", readNumber, 3)
    .option("--json", "report as JSON")
    .action(run);

async function run(options: Options): Promise<void> {
  const guard = startGuard();
  const world = await createWorld({
    processes: options.processes,
    preload: [join(import.meta.dirname, "../test/faults/small-queues.ts")],
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
    console.log(options.json ? JSON.stringify(storm) : tell(storm, options));
    if (storm.violations.length + storm.endedByItself.length > 0) process.exitCode = 1;
  } finally {
    await world.stop();
    guard.stop();
  }
}

function tell(storm: Storm, { processes, visitors }: Options): string {
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

function readNumber(text: string): number {
  const number = Number(text);
  if (number > 0) return number;
  throw new InvalidArgumentError(`"${text}" is not a number above 0.`);
}
