import { readdir, readFile } from "node:fs/promises";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import type { ProcessTimes, QueryTimes } from "./metrics/query-times.ts";

/** The condition of one process since it was last asked. */
export type Vitals = {
  process: string;
  /** the longest time that the event loop was blocked, also of the reading before: two runs of the checks open an alert */
  blockedMs: number;
  heapBytes: number;
  maxHeapBytes: number;
  /** files and sockets; null: the system does not say */
  files: { open: number; max: number } | null;
  pools: PoolVitals[];
  /** null: it did not answer */
  queries: ProcessTimes | null;
};

export type PoolVitals = {
  name: string;
  active: number;
  idle: number;
  waiting: number;
  max: number;
  /** the longest time that a query waited for a connection, also of those that still wait */
  waitedMs: number;
};

const resolutionMs = 20;

/** Measures this process from now on. @param pools  are asked together with it @param times  of its statements */
export function measureVitals(process: string, pools: () => PoolVitals[], times: QueryTimes) {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  let blockedBeforeMs = 0;
  return {
    async read(): Promise<Vitals> {
      const blockedNowMs = Math.max(0, delay.max / 1e6 - resolutionMs);
      const blockedMs = Math.max(blockedNowMs, blockedBeforeMs);
      blockedBeforeMs = blockedNowMs;
      delay.reset();
      const { used_heap_size: heapBytes, heap_size_limit: maxHeapBytes } = getHeapStatistics();
      const queries = times.read();
      return { process, blockedMs, heapBytes, maxHeapBytes, files: await countFiles(), pools: pools(), queries };
    },
    stop: () => void delay.disable(),
  };
}

/** On Linux only. */
async function countFiles(): Promise<Vitals["files"]> {
  try {
    const [open, limits] = await Promise.all([readdir("/proc/self/fd"), readFile("/proc/self/limits", "utf8")]);
    const max = /^Max open files\s+(\d+|unlimited)/m.exec(limits)?.[1];
    return max ? { open: open.length, max: max === "unlimited" ? Number.MAX_SAFE_INTEGER : Number(max) } : null;
  } catch {
    return null;
  }
}
