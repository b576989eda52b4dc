import type pg from "pg";
import { readCpu } from "#lab/programs/processes.ts";
import { checkHistories, type Verdict } from "./check.ts";
import type { GeneratorTasks } from "./generator-worker.ts";
import type { Pace } from "./message-load.ts";
import { joinResults, type LoadSummary, share, shareNumbers, sharePace } from "./share.ts";
import type { Running } from "./system-under-test.ts";
import { startWorkerPool } from "./workers.ts";

/** The generator's processes, which share visitors, websites and load among them. */
export type Generator = {
  /** Connects an agent a website and the visitors, each of whom begins a conversation. */
  open(running: Running, p: { websites: number; visitors: number }): Promise<void>;
  talk(p: { pace: Pace; seconds: number }): Promise<LoadSummary>;
  check(running: Running, client: pg.ClientBase): Promise<Verdict>;
  cpuSeconds(): number;
  stop(): Promise<void>;
};

export function startGenerator(size: number): Generator {
  const pool = startWorkerPool<GeneratorTasks>(new URL("./generator-worker.ts", import.meta.url), size);
  return {
    async open({ driverModule, place }, { websites, visitors }) {
      await pool.callAll("open", worker => ({
        ...{ driverModule, place, worker },
        websites: shareNumbers(websites, size, worker),
        visitors: share(visitors, size, worker),
      }));
    },
    async talk({ pace, seconds }) {
      return joinResults(await pool.callAll("talk", worker => ({ pace: sharePace(pace, size, worker), seconds })));
    },
    async check(running, client) {
      const histories = (await pool.callAll("histories", () => undefined)).flat();
      return checkHistories(await running.listStored(client), histories);
    },
    cpuSeconds: () => readCpu(pool.pids),
    stop: pool.stop,
  };
}
