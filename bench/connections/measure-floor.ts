import { setTimeout as sleep } from "node:timers/promises";
import { startBareWs } from "#bench/floor/bare-ws.ts";
import { share } from "#lab/load/share.ts";
import { startWorkerPool } from "#lab/load/workers.ts";
import { readMemory } from "#lab/programs/processes.ts";
import type { BareTasks } from "./bare-worker.ts";
import type { Report, Settings } from "./connections-report.ts";
import { watchArrival } from "./watch-arrival.ts";

/** Time after the start until a process's memory is steady. */
export const steadyMs = 3_000;

/** Measures the memory of as many processes with as many bare ws sockets, in the same way. */
export async function measureFloor({ processes, visitors, rest, workers }: Settings): Promise<Report["floor"]> {
  const bare = await startBareWs(processes);
  const pool = startWorkerPool<BareTasks>(new URL("./bare-worker.ts", import.meta.url), workers);
  const countOnline = async () =>
    (await pool.callAll("countOnline", () => undefined)).reduce((sum, count) => sum + count, 0);
  try {
    await sleep(steadyMs);
    const before = readMemory(bare.pids);
    const arrival = await watchArrival(visitors, countOnline, () =>
      pool.callAll("connect", worker => ({ url: bare.url, worker, visitors: share(visitors, workers, worker) })),
    );
    await sleep(rest * 1000);
    return { arrival, connections: await countOnline(), before, after: readMemory(bare.pids) };
  } finally {
    await pool.stop();
    await bare.stop();
  }
}
