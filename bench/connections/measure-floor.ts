import { setTimeout as sleep } from "node:timers/promises";
import { startBareWs } from "#bench/floor/bare-ws.ts";
import { share } from "#lab/load/share.ts";
import { startWorkerPool } from "#lab/load/workers.ts";
import { readMemory } from "#lab/programs/processes.ts";
import type { BareTasks } from "./bare-worker.ts";
import type { Report, Settings } from "./connections-report.ts";
import { watchArrival } from "./watch-arrival.ts";

/** What as many processes that hold bare ws sockets need: the same number of connections, measured the same way. */
export async function measureFloor({ processes, visitors, settle, workers }: Settings): Promise<Report["floor"]> {
  const bare = await startBareWs(processes);
  const pool = startWorkerPool<BareTasks>(new URL("./bare-worker.ts", import.meta.url), workers);
  try {
    await sleep(beforeMs);
    const before = readMemory(bare.pids);
    const countOnline = async () =>
      (await pool.callAll("online", () => undefined)).reduce((sum, each) => sum + each, 0);
    const arrival = await watchArrival(visitors, countOnline, () =>
      pool.callAll("connect", worker => ({ url: bare.url, worker, visitors: share(visitors, workers, worker) })),
    );
    await sleep(settle * 1000);
    return { arrival, connections: await countOnline(), before, after: readMemory(bare.pids) };
  } finally {
    await pool.stop();
    await bare.stop();
  }
}

/** Until a process that has just started has come to rest. */
export const beforeMs = 3_000;
