import pg from "pg";
import { mapParts, measureCpu } from "#lab/load/cpu-by-part.ts";
import { type Generator, startGenerator } from "#lab/load/generator.ts";
import type { Pace } from "#lab/load/message-load.ts";
import type { Setup } from "#lab/load/setup.ts";
import type { RunningSystem, SystemUnderTest } from "#lab/load/system-under-test.ts";
import type { LoadFigures, Round, Settings } from "./pipeline-report.ts";

/** Warm-up, as a share of the measured time: until code is compiled and plans are made. */
const warmUpShare = 0.3;

type Parts = { setup: Setup; system: RunningSystem; generator: Generator };

/** Measures a system on its own database at full load, then at half of that, and checks every message. */
export async function measureSystem(
  setup: Setup,
  systemUnderTest: SystemUnderTest,
  settings: Settings,
  print: (text: string) => void,
): Promise<Round> {
  const { atOnce, seconds, websites } = settings;
  const databaseUrl = await setup.createDatabase("system");
  const system = await systemUnderTest.start({ databaseUrl, websites });
  const generator = startGenerator(settings.workers);
  const parts = { setup, system, generator };
  try {
    await generator.open(system, settings);
    print(`${settings.visitors} visitors have begun`);
    await generator.run({ pace: { atOnce }, seconds: seconds * warmUpShare });
    const full = await measureLoad(parts, { atOnce }, seconds);
    print(`${Math.round(full.messagesPerSecond)} messages/s`);
    const half = await measureLoad(parts, { perSecond: full.messagesPerSecond / 2 }, seconds);
    print(`at half of that: acknowledged p99 ${half.acknowledged.p99Ms} ms, delivered p99 ${half.delivered.p99Ms} ms`);
    return { full, half, verdict: await check(databaseUrl, parts) };
  } finally {
    await generator.stop();
    await system.stop();
    await setup.dropDatabase("system");
  }
}

async function measureLoad(parts: Parts, pace: Pace, seconds: number): Promise<LoadFigures> {
  const { result, cpuSeconds } = await measureCpu(parts, () => parts.generator.run({ pace, seconds }));
  const { perSecond, sent, throttled, failures, ...figures } = result;
  return {
    ...figures,
    messagesPerSecond: Math.round(perSecond),
    throttled: throttled / sent,
    failures: [...new Set(failures)],
    cost: mapParts(cpuSeconds, used => Math.round((used / sent) * 1e6)),
  };
}

async function check(databaseUrl: string, { system, generator }: Parts) {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    return await generator.check(system, client);
  } finally {
    await client.end();
  }
}
