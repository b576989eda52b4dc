import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { checkHistories } from "#lab/load/check.ts";
import { type CpuByPart, mapParts, measureCpu } from "#lab/load/cpu-by-part.ts";
import { ourServer } from "#lab/load/our-server.ts";
import type { Setup } from "#lab/load/setup.ts";
import { joinResults, share, shareNumbers } from "#lab/load/share.ts";
import { startWorkerPool } from "#lab/load/workers.ts";
import { readMemory } from "#lab/programs/processes.ts";
import type { ClientTasks } from "./client-worker.ts";
import type { MessageFigures, Report, Settings } from "./connections-report.ts";
import { measureFloor, steadyMs } from "./measure-floor.ts";
import { measureRestart, type Parts as RestartParts } from "./measure-restart.ts";
import { watchArrival } from "./watch-arrival.ts";

type Measured = Omit<Report, "date" | "command" | "machine" | "postgres" | "settings">;
type Print = (text: string) => void;
type Parts = RestartParts & { setup: Setup };

/** Warm-up, before the measured messages. */
const warmUpSeconds = 5;

/** Measures bare sockets first. Then the product: clients connect and rest, some write, and the server restarts twice. */
export async function measureConnections(setup: Setup, settings: Settings, print: Print): Promise<Measured> {
  print(`${settings.visitors} bare sockets`);
  const floor = await measureFloor(settings);
  const databaseUrl = await setup.createDatabase("connections");
  const ours = ourServer(setup, { processes: settings.processes, title: "ours" });
  const system = await ours.start({ databaseUrl, websites: settings.agents });
  const client = new pg.Client(databaseUrl);
  await client.connect();
  const generator = startWorkerPool<ClientTasks>(new URL("./client-worker.ts", import.meta.url), settings.workers);
  try {
    return { floor, ...(await measureOurs({ setup, system, client, generator, settings }, print)) };
  } finally {
    await generator.stop();
    await client.end();
    await system.stop();
  }
}

async function measureOurs(parts: Parts, print: Print): Promise<Omit<Measured, "floor">> {
  const { system, client, generator, settings } = parts;
  const { visitors, authors, agents } = settings;
  const idle = await measureIdle(parts, print);

  print(`${authors} more visitors begin a conversation, with ${agents} agents`);
  await generator.callAll("openAuthors", worker => ({
    websites: shareNumbers(agents, settings.workers, worker),
    visitors: share(authors, settings.workers, worker),
  }));
  const messages = await measureMessages(parts, print);

  const clients = visitors + authors + agents;
  const restarts = [];
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    print(`the server is restarted by ${signal}`);
    restarts.push(await measureRestart(signal, { ...parts, clients }));
  }
  const histories = (await generator.callAll("histories", () => undefined)).flat();
  const verdict = checkHistories(await system.listStored(client), histories);
  return { ...idle, messages, restarts, clients, verdict };
}

async function measureIdle(parts: Parts, print: Print): Promise<Pick<Report, "held" | "arrival" | "idle">> {
  const { system, generator, settings } = parts;
  const { visitors, workers, rest } = settings;
  await generator.callAll("prepare", worker => ({
    ...{ access: system.access, worker },
    visitors: share(visitors, workers, worker),
  }));
  const countOnline = async () =>
    (await generator.callAll("countOnline", () => undefined)).reduce((sum, { now }) => sum + now, 0);

  await sleep(steadyMs);
  const before = readMemory(system.pids());
  print(`${visitors} visitors connect`);
  const arrival = await watchArrival(visitors, countOnline, () => generator.callAll("connect", () => undefined));
  print(`  ${arrival.seconds} s; they rest`);
  const { cpu } = await measureShares(parts, () => sleep(rest * 1000));
  const held = { connections: await countOnline(), before, after: readMemory(system.pids()) };
  return { held, arrival, idle: cpu };
}

async function measureMessages(parts: Parts, print: Print): Promise<MessageFigures> {
  const { messagesPerSecond, seconds, workers } = parts.settings;
  const run = async (seconds: number) => {
    const pace = { perSecond: messagesPerSecond / workers };
    return joinResults(await parts.generator.callAll("run", () => ({ pace, seconds })));
  };
  await run(warmUpSeconds);
  print(`${messagesPerSecond} messages/s`);
  const { result, cpu } = await measureShares(parts, () => run(seconds));
  const { perSecond: _, throttled: __, failures, ...figures } = result;
  return { ...figures, requestedPerSecond: messagesPerSecond, failures: [...new Set(failures)], cpu };
}

/** @returns the result of the work, and the share of a core that each part used */
async function measureShares<Result>(
  parts: Parts,
  work: () => Promise<Result>,
): Promise<{ result: Result; cpu: CpuByPart }> {
  const { result, seconds, cpuSeconds } = await measureCpu(parts, work);
  return { result, cpu: mapParts(cpuSeconds, used => Math.round((used / seconds) * 1000) / 1000) };
}
