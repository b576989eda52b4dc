import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { checkHistories } from "#lab/load/check.ts";
import { type OurServer, ourServer } from "#lab/load/our-server.ts";
import type { Setup } from "#lab/load/setup.ts";
import { joinResults, share, shareNumbers } from "#lab/load/share.ts";
import { startWorkerPool, type WorkerPool } from "#lab/load/workers.ts";
import { readCpu, readMemory } from "#lab/programs/processes.ts";
import type { ClientTasks } from "./client-worker.ts";
import type { Load, Report, Settings, Talking } from "./connections-report.ts";
import { beforeMs, measureFloor } from "./measure-floor.ts";
import { measureRestart } from "./measure-restart.ts";
import { watchArrival } from "./watch-arrival.ts";

type Measured = Omit<Report, "date" | "command" | "machine" | "postgres" | "settings">;
type Say = (text: string) => void;
type Scene = { setup: Setup; server: OurServer; client: pg.Client; pool: WorkerPool<ClientTasks>; settings: Settings };

/** Of the talk that goes before the one that is measured. */
const warmUpSeconds = 5;

/** Bare sockets first; then the product: everybody comes, rests, some talk, and the server is ended twice. */
export async function measureConnections(setup: Setup, settings: Settings, say: Say): Promise<Measured> {
  say(`${settings.visitors} bare sockets`);
  const floor = await measureFloor(settings);
  const databaseUrl = await setup.createDatabase("connections");
  const system = ourServer(setup, { processes: settings.processes, title: "ours" });
  const server = await system.start({ databaseUrl, websites: settings.agents });
  const client = new pg.Client(databaseUrl);
  await client.connect();
  const pool = startWorkerPool<ClientTasks>(new URL("./client-worker.ts", import.meta.url), settings.workers);
  try {
    return { floor, ...(await measureOurs({ setup, server, client, pool, settings }, say)) };
  } finally {
    await pool.stop();
    await client.end();
    await server.stop();
  }
}

async function measureOurs(scene: Scene, say: Say): Promise<Omit<Measured, "floor">> {
  const { server, client, pool, settings } = scene;
  const { visitors, workers, talkers, agents, settle } = settings;
  await pool.callAll("prepare", worker => ({
    ...{ place: server.place, worker },
    visitors: share(visitors, workers, worker),
  }));
  const countOnline = async () =>
    (await pool.callAll("online", () => undefined)).reduce((sum, { now }) => sum + now, 0);

  await sleep(beforeMs);
  const before = readMemory(server.pids());
  say(`${visitors} visitors connect`);
  const arrival = await watchArrival(visitors, countOnline, () => pool.callAll("connect", () => undefined));
  say(`  ${arrival.seconds} s; they rest`);
  const [, idle] = await measureLoad(scene, () => sleep(settle * 1000));
  const held = { connections: await countOnline(), before, after: readMemory(server.pids()) };

  say(`${talkers} more begin a conversation, with ${agents} agents`);
  await pool.callAll("openTalkers", worker => ({
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
  const histories = (await pool.callAll("histories", () => undefined)).flat();
  const verdict = checkHistories(await server.listStored(client), histories);
  return { held, arrival, idle, talking, restarts, people, verdict };
}

async function measureTalking(scene: Scene, say: Say): Promise<Talking> {
  const { pool, settings } = scene;
  const talk = async (seconds: number) => {
    const pace = { perSecond: settings.messagesPerSecond / settings.workers };
    return joinResults(await pool.callAll("talk", () => ({ pace, seconds })));
  };
  await talk(warmUpSeconds);
  say(`${settings.messagesPerSecond} messages/s`);
  const [{ perSecond: _, throttled: __, failures, ...talked }, load] = await measureLoad(scene, () =>
    talk(settings.seconds),
  );
  return { ...talked, asked: settings.messagesPerSecond, failures: [...new Set(failures)], load };
}

async function measureLoad<Result>(
  { setup, server, pool }: Scene,
  work: () => Promise<Result>,
): Promise<[Result, Load]> {
  const read = (): Load => ({
    server: readCpu(server.pids()),
    postgres: readCpu(setup.postgresPids()),
    redis: readCpu(setup.redisPids()),
    generator: readCpu(pool.pids),
  });
  const [before, begun] = [read(), performance.now()];
  const result = await work();
  const [after, seconds] = [read(), (performance.now() - begun) / 1000];
  const of = (part: keyof Load) => Math.round(((after[part] - before[part]) / seconds) * 1000) / 1000;
  return [result, { server: of("server"), postgres: of("postgres"), redis: of("redis"), generator: of("generator") }];
}
