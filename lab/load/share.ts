import type { Latency } from "./latency.ts";
import { summarize } from "./latency.ts";
import type { LoadResult, Pace } from "./message-load.ts";

/** Splits a load among workers, and joins their results. */

/** The nth of `parts` whole numbers that add up to `total` and differ by at most one. */
export const share = (total: number, parts: number, nth: number): number =>
  Math.floor(total / parts) + (nth < total % parts ? 1 : 0);

/** The numbers from 0 to total - 1 that belong to the nth part. */
export const shareNumbers = (total: number, parts: number, nth: number): number[] =>
  Array.from({ length: share(total, parts, nth) }, (_, turn) => turn * parts + nth);

export const sharePace = (pace: Pace, parts: number, nth: number): Pace =>
  "atOnce" in pace ? { atOnce: share(pace.atOnce, parts, nth) } : { perSecond: pace.perSecond / parts };

/** The joined result of a load that was split among workers. */
export type LoadSummary = Pick<LoadResult, "sent" | "failures" | "unfinished" | "throttled"> & {
  /** acknowledged and delivered before the time was over */
  perSecond: number;
  acknowledged: Latency;
  delivered: Latency;
};

export function joinResults(results: LoadResult[]): LoadSummary {
  const sum = (of: (result: LoadResult) => number) => results.reduce((total, result) => total + of(result), 0);
  return {
    perSecond: sum(result => result.doneInTime / result.seconds),
    sent: sum(result => result.sent),
    acknowledged: summarize(results.map(result => result.acknowledged)),
    delivered: summarize(results.map(result => result.delivered)),
    failures: results.flatMap(result => result.failures),
    unfinished: sum(result => result.unfinished),
    throttled: sum(result => result.throttled),
  };
}
