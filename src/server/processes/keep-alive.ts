import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "#platform/log.ts";

/** Who has lived this long begins with the shortest pause when it dies. */
const steadyMs = 60_000;
const leastPauseMs = 200;
const mostPauseMs = 30_000;

/**
 * Lives one life after another, with growing pauses while they are short, until it is to stop.
 * @param live  from the start of a process to its end; returns how it ended
 */
export async function keepAlive(name: string, live: () => Promise<string>, p: { signal: AbortSignal; log: Log }) {
  let pauseMs = leastPauseMs;
  while (!p.signal.aborted) {
    const startedAt = Date.now();
    const why = await live();
    if (p.signal.aborted) return;
    if (Date.now() - startedAt > steadyMs) pauseMs = leastPauseMs;
    p.log.warn(`${name} ${why}. Another takes its place in ${pauseMs / 1000} s.`);
    await sleep(pauseMs, null, { signal: p.signal }).catch(() => {}); // woken to stop
    pauseMs = Math.min(mostPauseMs, pauseMs * 2);
  }
}
