import type pg from "pg";
import { checkHistories, type Verdict } from "./check.ts";
import type { GeneratorTasks } from "./generator-worker.ts";
import type { Pace } from "./message-load.ts";
import { joinResults, type LoadSummary, share, shareNumbers, sharePace } from "./share.ts";
import type { RunningSystem } from "./system-under-test.ts";
import { startWorkerPool } from "./workers.ts";

/** The load generator: worker processes that divide visitors, websites and load among them. */
export type Generator = {
  /** Connects an agent for each website, and the visitors; each visitor begins a conversation. */
  open(system: RunningSystem, p: { websites: number; visitors: number }): Promise<void>;
  run(p: { pace: Pace; seconds: number }): Promise<LoadSummary>;
  check(system: RunningSystem, client: pg.ClientBase): Promise<Verdict>;
  pids: number[];
  stop(): Promise<void>;
};

export function startGenerator(size: number): Generator {
  const pool = startWorkerPool<GeneratorTasks>(new URL("./generator-worker.ts", import.meta.url), size);
  return {
    async open({ driverModule, access }, { websites, visitors }) {
      await pool.callAll("open", worker => ({
        ...{ driverModule, access, worker },
        websites: shareNumbers(websites, size, worker),
        visitors: share(visitors, size, worker),
      }));
    },
    async run({ pace, seconds }) {
      return joinResults(await pool.callAll("run", worker => ({ pace: sharePace(pace, size, worker), seconds })));
    },
    async check(system, client) {
      const histories = (await pool.callAll("histories", () => undefined)).flat();
      return checkHistories(await system.listStored(client), histories);
    },
    pids: pool.pids,
    stop: pool.stop,
  };
}
