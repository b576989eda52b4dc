import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "#platform/log.ts";

/** After a run of this length the pauses begin again with the shortest. */
const steadyMs = 60_000;
const minPauseMs = 200;
const maxPauseMs = 30_000;

/**
 * Runs a process again whenever it ends, until `signal` is aborted. Pauses grow while the runs are short.
 * @param run  resolves when the process has ended, with how it ended
 */
export async function keepAlive(name: string, run: () => Promise<string>, p: { signal: AbortSignal; log: Log }) {
  let pauseMs = minPauseMs;
  while (!p.signal.aborted) {
    const startedAt = Date.now();
    const reason = await run();
    if (p.signal.aborted) return;
    if (Date.now() - startedAt > steadyMs) pauseMs = minPauseMs;
    p.log.warn(`${name} ${reason}. It starts again in ${pauseMs / 1000} s.`);
    await sleep(pauseMs, null, { signal: p.signal }).catch(() => {}); // aborted: the loop ends
    pauseMs = Math.min(maxPauseMs, pauseMs * 2);
  }
}
