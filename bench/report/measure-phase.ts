import type { HttpLoad } from "#lab/load/http-load.ts";
import { summarize } from "#lab/load/latency.ts";

/** What people met while some work was done. */
export type Phase = {
  name: string;
  tookMs: number;
  /** requests that were due or answered meanwhile */
  sends: number;
  failures: string[];
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
};

/** Does the work, and measures the load's requests from their due times to their answers. */
export async function measurePhase(load: HttpLoad, name: string, work: () => Promise<unknown>): Promise<Phase> {
  console.error(name);
  const from = performance.now();
  await work();
  const to = performance.now();
  const sends = load.requests.filter(({ dueAt, endedAt }) => dueAt < to && endedAt > from);
  const { p50Ms, p99Ms, maxMs } = summarize([Float64Array.from(sends, ({ dueAt, endedAt }) => endedAt - dueAt)]);
  const failures = sends.flatMap(({ failure }) => failure ?? []);
  return { name, tookMs: Math.round(to - from), sends: sends.length, failures, p50Ms, p99Ms, maxMs };
}
