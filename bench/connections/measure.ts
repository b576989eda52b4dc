import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { checkHistories } from "#lab/load/check.ts";
import { type OurServer, ourServer } from "#lab/load/our-server.ts";
import { joinTalks, share, shareNumbers } from "#lab/load/share.ts";
import type { Stage } from "#lab/load/stage.ts";
import { startTeam, type Team } from "#lab/load/workers.ts";
import { readCpu, readMemory } from "#lab/programs/processes.ts";
import { beforeMs, measureFloor } from "./floor.ts";
import type { Load, Report, Settings, Talking } from "./report.ts";
import { measureRestart } from "./restart.ts";
import { watchArrival } from "./watch.ts";
import type { ConnectionOrders } from "./worker.ts";

type Measured = Omit<Report, "date" | "command" | "machine" | "postgres" | "settings">;
type Say = (text: string) => void;
type Scene = { stage: Stage; server: OurServer; client: pg.Client; team: Team<ConnectionOrders>; settings: Settings };

/** Of the talk that goes before the one that is measured. */
const warmUpSeconds = 5;

/** Bare sockets first; then the product: everybody comes, rests, some talk, and the server is ended twice. */
export async function measureConnections(stage: Stage, settings: Settings, say: Say): Promise<Measured> {
  say(`${settings.visitors} bare sockets`);
  const floor = await measureFloor(settings);
  const databaseUrl = await stage.createDatabase("connections");
  const contestant = ourServer(stage, { processes: settings.processes, title: "ours" });
  const server = await contestant.start({ databaseUrl, websites: settings.agents });
  const client = new pg.Client(databaseUrl);
  await client.connect();
  const team = startTeam<ConnectionOrders>(new URL("./worker.ts", import.meta.url), settings.workers);
  try {
    return { floor, ...(await measureOurs({ stage, server, client, team, settings }, say)) };
  } finally {
    await team.stop();
    await client.end();
    await server.stop();
  }
}

async function measureOurs(scene: Scene, say: Say): Promise<Omit<Measured, "floor">> {
  const { server, client, team, settings } = scene;
  const { visitors, workers, talkers, agents, settle } = settings;
  await team.askAll("prepare", worker => ({
    ...{ place: server.place, worker },
    visitors: share(visitors, workers, worker),
  }));
  const countOnline = async () => (await team.askAll("online", () => undefined)).reduce((sum, { now }) => sum + now, 0);

  await sleep(beforeMs);
  const before = readMemory(server.pids());
  say(`${visitors} visitors connect`);
  const arrival = await watchArrival(visitors, countOnline, () => team.askAll("connect", () => undefined));
  say(`  ${arrival.seconds} s; they rest`);
  const [, idle] = await measureLoad(scene, () => sleep(settle * 1000));
  const held = { connections: await countOnline(), before, after: readMemory(server.pids()) };

  say(`${talkers} more begin a conversation, with ${agents} agents`);
  await team.askAll("openTalkers", worker => ({
    websites: shareNumbers(agents, workers, worker),
    visitors: share(talkers, workers, worker),
  }));
  const talking = await measureTalking(scene, say);

  const people = visitors + talkers + agents;
  const restarts = [];
  for (const how of ["SIGTERM", "SIGKILL"] as const) {
    say(`the server is ended by ${how}`);
    restarts.push(await measureRestart(how, { ...scene, people }));
  }
  const histories = (await team.askAll("histories", () => undefined)).flat();
  const verdict = checkHistories(await server.listStored(client), histories);
  return { held, arrival, idle, talking, restarts, people, verdict };
}

async function measureTalking(scene: Scene, say: Say): Promise<Talking> {
  const { team, settings } = scene;
  const talk = async (seconds: number) => {
    const pace = { perSecond: settings.messagesPerSecond / settings.workers };
    return joinTalks(await team.askAll("talk", () => ({ pace, seconds })));
  };
  await talk(warmUpSeconds);
  say(`${settings.messagesPerSecond} messages/s`);
  const [{ perSecond: _, heldBack: __, failures, ...talked }, load] = await measureLoad(scene, () =>
    talk(settings.seconds),
  );
  return { ...talked, asked: settings.messagesPerSecond, failures: [...new Set(failures)], load };
}

async function measureLoad<Result>(
  { stage, server, team }: Scene,
  work: () => Promise<Result>,
): Promise<[Result, Load]> {
  const read = (): Load => ({
    server: readCpu(server.pids()),
    postgres: readCpu(stage.postgresPids()),
    redis: readCpu(stage.redisPids()),
    generator: readCpu(team.pids),
  });
  const [before, begun] = [read(), performance.now()];
  const result = await work();
  const [after, seconds] = [read(), (performance.now() - begun) / 1000];
  const of = (part: keyof Load) => Math.round(((after[part] - before[part]) / seconds) * 1000) / 1000;
  return [result, { server: of("server"), postgres: of("postgres"), redis: of("redis"), generator: of("generator") }];
}
