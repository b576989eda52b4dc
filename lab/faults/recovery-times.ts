import type { Head, Recorder } from "#lab/history/recorder.ts";
import type { Actors } from "./actors.ts";
import type { FaultName } from "./faults.ts";
import type { Client } from "./recorded-client.ts";

/**
 * The time in ms from the end of a fault until each client that was open then holds all that was acknowledged before.
 * Other faults may be active meanwhile.
 */
export type RecoveryTimes = { medianMs: number; maxMs: number; maxAfter: FaultName | null };

type Recovering = { fault: FaultName; endedAt: number; heads: Map<string, Head>; behind: Client[] };

const pollMs = 100;

/** Checks every 100 ms which clients are complete. */
export function watchRecovery(actors: Actors, recorder: Recorder) {
  const times: { fault: FaultName; ms: number }[] = [];
  let recovering: Recovering[] = [];

  function poll() {
    const present = new Set(actors.clients());
    const now = Date.now();
    for (const each of recovering) {
      each.behind = each.behind.filter(client => present.has(client) && !isComplete(client, each.heads));
      if (each.behind.length === 0) times.push({ fault: each.fault, ms: now - each.endedAt });
    }
    recovering = recovering.filter(({ behind }) => behind.length > 0);
  }
  const timer = setInterval(poll, pollMs);

  return {
    onFaultEnd(fault: FaultName) {
      const heads = new Map([...recorder.heads].map(([id, head]) => [id, { ...head }]));
      recovering.push({ fault, endedAt: Date.now(), heads, behind: actors.clients() });
    },
    /** Checks once more. */
    stop(): RecoveryTimes {
      clearInterval(timer);
      poll();
      const sorted = times.toSorted((a, b) => a.ms - b.ms);
      const longest = sorted.at(-1);
      return {
        medianMs: sorted[Math.floor(sorted.length / 2)]?.ms ?? 0,
        maxMs: longest?.ms ?? 0,
        maxAfter: longest?.fault ?? null,
      };
    },
  };
}

function isComplete({ sync, audience }: Client, heads: Map<string, Head>): boolean {
  const { threads } = sync.getState();
  const isAgent = audience.visitorId === null;
  for (const [id, head] of heads) {
    if (!audience.websiteIds.includes(head.websiteId)) continue;
    if (!isAgent && audience.visitorId !== head.visitorId) continue;
    const { lastSeq = 0, changedVersion = 0 } = threads[id] ?? {};
    if (lastSeq < (isAgent ? head.last : head.lastPublic)) return false;
    if (changedVersion < (isAgent ? head.changed : head.changedPublic)) return false;
  }
  return true;
}
