import pg from "pg";
import { type Generator, startGenerator } from "#lab/load/generator.ts";
import type { Pace } from "#lab/load/message-load.ts";
import type { Setup } from "#lab/load/setup.ts";
import type { Running, SystemUnderTest } from "#lab/load/system-under-test.ts";
import { readCpu } from "#lab/programs/processes.ts";
import type { Cost, LoadFigures, Round, Settings } from "./pipeline-report.ts";

/** Until what runs is compiled, and plans are made. */
const warmUpShare = 0.3;

/** A system on a database of its own: as much as it takes, then half of that, then whether anything went wrong. */
export async function measureSystem(
  setup: Setup,
  system: SystemUnderTest,
  settings: Settings,
  say: (text: string) => void,
): Promise<Round> {
  const { atOnce, seconds, websites } = settings;
  const databaseUrl = await setup.createDatabase("system");
  const running = await system.start({ databaseUrl, websites });
  const generator = startGenerator(settings.workers);
  try {
    await generator.open(running, settings);
    say(`${settings.visitors} visitors have begun`);
    await generator.talk({ pace: { atOnce }, seconds: seconds * warmUpShare });
    const full = await measureLoad(setup, running, generator, { atOnce }, seconds);
    say(`${Math.round(full.messagesPerSecond)} messages/s`);
    const half = await measureLoad(setup, running, generator, { perSecond: full.messagesPerSecond / 2 }, seconds);
    say(`at half of that: acknowledged p99 ${half.acknowledged.p99Ms} ms, delivered p99 ${half.delivered.p99Ms} ms`);
    return { full, half, verdict: await check(databaseUrl, running, generator) };
  } finally {
    await generator.stop();
    await running.stop();
    await setup.dropDatabase("system");
  }
}

async function measureLoad(
  setup: Setup,
  running: Running,
  generator: Generator,
  pace: Pace,
  seconds: number,
): Promise<LoadFigures> {
  const readCosts = (): Cost => ({
    server: readCpu(running.pids()),
    postgres: readCpu(setup.postgresPids()),
    redis: readCpu(setup.redisPids()),
    generator: generator.cpuSeconds(),
  });
  const before = readCosts();
  const { perSecond, sent, throttled, failures, ...talked } = await generator.talk({ pace, seconds });
  const after = readCosts();
  const microsOf = (part: keyof Cost) => Math.round(((after[part] - before[part]) / sent) * 1e6);
  return {
    ...talked,
    messagesPerSecond: Math.round(perSecond),
    throttled: throttled / sent,
    failures: [...new Set(failures)],
    cost: {
      server: microsOf("server"),
      postgres: microsOf("postgres"),
      redis: microsOf("redis"),
      generator: microsOf("generator"),
    },
  };
}

async function check(databaseUrl: string, running: Running, generator: Generator) {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    return await generator.check(running, client);
  } finally {
    await client.end();
  }
}
