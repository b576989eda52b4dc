import { findDefinedQuery } from "#database/query-plans/define-query.ts";
import { addTotals, type ProcessTimes, quantile } from "#platform/metrics/query-times.ts";
import type { HealthQueries } from "#protocol/health.ts";

const maxSlow = 50;

/**
 * What the processes of a server have measured, together.
 * @param processes  the same one may be there twice
 */
export function reportQueries(processes: ProcessTimes[], now: Date): HealthQueries {
  const distinct = [...new Map(processes.map(times => [times.process, times])).values()];
  const totals = addTotals(distinct.map(times => times.totals));
  const seconds = totals.reduce((sum, each) => sum + each.seconds, 0);
  const queries = totals
    .toSorted((a, b) => b.seconds - a.seconds)
    .map(each => ({
      name: each.query,
      calls: each.calls,
      meanMs: toMs(each.seconds / each.calls),
      p95Ms: toMs(quantile(each, 0.95)),
      p99Ms: toMs(quantile(each, 0.99)),
      totalMs: toMs(each.seconds),
      share: seconds > 0 ? each.seconds / seconds : 0,
      hasPlan: findDefinedQuery(each.query) !== undefined,
    }));
  const slow = distinct.flatMap(times => times.slow).toSorted((a, b) => (a.at < b.at ? 1 : -1));
  const since = distinct.map(times => times.since).sort()[0] ?? now.toISOString();
  return { at: now.toISOString(), since, queries, slow: slow.slice(0, maxSlow).map(roundTimes) };
}

/** Microseconds are enough. */
const toMs = (seconds: number) => Math.round(seconds * 1e6) / 1e3;

const roundTimes = (slow: ProcessTimes["slow"][number]) => ({
  ...slow,
  ms: Math.round(slow.ms),
  waitedMs: Math.round(slow.waitedMs),
});
