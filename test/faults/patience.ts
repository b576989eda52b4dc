import type { Company } from "#lab/actors/company.ts";
import type { Client } from "#lab/actors/recorded-clients.ts";
import type { Head, Recorder } from "#lab/history/recorder.ts";
import type { FaultName } from "./faults.ts";

/**
 * How long after a fault the last of those who were there held all that was acknowledged before it was over, in ms.
 * Other faults go on meanwhile.
 */
export type Patience = { medianMs: number; longestMs: number; longestAfter: FaultName | null };

type Awaited = { kind: FaultName; since: number; heads: Map<string, Head>; behind: Client[] };

const lookMs = 100;

/** Looks all the time who is complete. */
export function watchPatience(company: Company, recorder: Recorder) {
  const waits: { kind: FaultName; ms: number }[] = [];
  let awaited: Awaited[] = [];

  function look() {
    const there = new Set(company.clients());
    const now = Date.now();
    for (const fault of awaited) {
      fault.behind = fault.behind.filter(client => there.has(client) && !isComplete(client, fault.heads));
      if (fault.behind.length === 0) waits.push({ kind: fault.kind, ms: now - fault.since });
    }
    awaited = awaited.filter(({ behind }) => behind.length > 0);
  }
  const timer = setInterval(look, lookMs);

  return {
    after(kind: FaultName) {
      const heads = new Map([...recorder.heads].map(([id, head]) => [id, { ...head }]));
      awaited.push({ kind, since: Date.now(), heads, behind: company.clients() });
    },
    /** Looks once more. */
    stop(): Patience {
      clearInterval(timer);
      look();
      const sorted = waits.toSorted((a, b) => a.ms - b.ms);
      const longest = sorted.at(-1);
      return {
        medianMs: sorted[Math.floor(sorted.length / 2)]?.ms ?? 0,
        longestMs: longest?.ms ?? 0,
        longestAfter: longest?.kind ?? null,
      };
    },
  };
}

function isComplete({ sync, audience }: Client, heads: Map<string, Head>): boolean {
  const { threads } = sync.getState();
  for (const [id, { websiteId, visitorId, last, lastPublic }] of heads) {
    if (!audience.websiteIds.includes(websiteId)) continue;
    if (audience.visitorId !== null && audience.visitorId !== visitorId) continue;
    if ((threads[id]?.lastSeq ?? 0) < (audience.visitorId === null ? last : lastPublic)) return false;
  }
  return true;
}
