import { setTimeout as sleep } from "node:timers/promises";
import { startBareWs } from "#bench/floor/bare-ws.ts";
import { share } from "#lab/load/share.ts";
import { startTeam } from "#lab/load/workers.ts";
import { readMemory } from "#lab/programs/processes.ts";
import type { BareOrders } from "./bare-worker.ts";
import type { Report, Settings } from "./report.ts";
import { watchArrival } from "./watch.ts";

/** What as many processes that hold bare ws sockets need: the same number of connections, measured the same way. */
export async function measureFloor({ processes, visitors, settle, workers }: Settings): Promise<Report["floor"]> {
  const bare = await startBareWs(processes);
  const team = startTeam<BareOrders>(new URL("./bare-worker.ts", import.meta.url), workers);
  try {
    await sleep(beforeMs);
    const before = readMemory(bare.pids);
    const countOnline = async () => (await team.askAll("online", () => undefined)).reduce((sum, each) => sum + each, 0);
    const arrival = await watchArrival(visitors, countOnline, () =>
      team.askAll("connect", worker => ({ url: bare.url, worker, visitors: share(visitors, workers, worker) })),
    );
    await sleep(settle * 1000);
    return { arrival, connections: await countOnline(), before, after: readMemory(bare.pids) };
  } finally {
    await team.stop();
    await bare.stop();
  }
}

/** Until a process that has just started has come to rest. */
export const beforeMs = 3_000;
