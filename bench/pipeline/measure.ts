import pg from "pg";
import { type Crew, startCrew } from "#lab/load/crew.ts";
import type { Stage } from "#lab/load/stage.ts";
import type { Pace } from "#lab/load/talk.ts";
import type { Contestant, Running } from "#lab/load/talker.ts";
import { readCpu } from "#lab/programs/processes.ts";
import type { Cost, LoadFigures, Round, Settings } from "./report.ts";

/** Until what runs is compiled, and plans are made. */
const warmUpShare = 0.3;

/** A contestant on a database of its own: as much as it takes, then half of that, then whether anything went wrong. */
export async function measureContestant(
  stage: Stage,
  contestant: Contestant,
  settings: Settings,
  say: (text: string) => void,
): Promise<Round> {
  const { atOnce, seconds, websites } = settings;
  const databaseUrl = await stage.createDatabase("contestant");
  const running = await contestant.start({ databaseUrl, websites });
  const crew = startCrew(settings.workers);
  try {
    await crew.open(running, settings);
    say(`${settings.visitors} visitors have begun`);
    await crew.talk({ pace: { atOnce }, seconds: seconds * warmUpShare });
    const full = await measureLoad(stage, running, crew, { atOnce }, seconds);
    say(`${Math.round(full.messagesPerSecond)} messages/s`);
    const half = await measureLoad(stage, running, crew, { perSecond: full.messagesPerSecond / 2 }, seconds);
    say(`at half of that: acknowledged p99 ${half.acknowledged.p99Ms} ms, delivered p99 ${half.delivered.p99Ms} ms`);
    return { full, half, verdict: await check(databaseUrl, running, crew) };
  } finally {
    await crew.stop();
    await running.stop();
    await stage.dropDatabase("contestant");
  }
}

async function measureLoad(
  stage: Stage,
  running: Running,
  crew: Crew,
  pace: Pace,
  seconds: number,
): Promise<LoadFigures> {
  const readCosts = (): Cost => ({
    server: readCpu(running.pids()),
    postgres: readCpu(stage.postgresPids()),
    redis: readCpu(stage.redisPids()),
    generator: crew.cpuSeconds(),
  });
  const before = readCosts();
  const { perSecond, sent, heldBack, failures, ...talked } = await crew.talk({ pace, seconds });
  const after = readCosts();
  const microsOf = (part: keyof Cost) => Math.round(((after[part] - before[part]) / sent) * 1e6);
  return {
    ...talked,
    messagesPerSecond: Math.round(perSecond),
    heldBack: heldBack / sent,
    failures: [...new Set(failures)],
    cost: {
      server: microsOf("server"),
      postgres: microsOf("postgres"),
      redis: microsOf("redis"),
      generator: microsOf("generator"),
    },
  };
}

async function check(databaseUrl: string, running: Running, crew: Crew) {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    return await crew.check(running, client);
  } finally {
    await client.end();
  }
}
