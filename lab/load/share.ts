import type { Latency } from "./latency.ts";
import { summarize } from "./latency.ts";
import type { Pace, Talk } from "./message-load.ts";

/** Whole parts that differ by one at most. */
export const share = (total: number, parts: number, nth: number): number =>
  Math.floor(total / parts) + (nth < total % parts ? 1 : 0);

/** Of the numbers below total, each in one part. */
export const shareNumbers = (total: number, parts: number, nth: number): number[] =>
  Array.from({ length: share(total, parts, nth) }, (_, turn) => turn * parts + nth);

export const sharePace = (pace: Pace, parts: number, nth: number): Pace =>
  "atOnce" in pace ? { atOnce: share(pace.atOnce, parts, nth) } : { perSecond: pace.perSecond / parts };

/** What a talk shared among workers came to. */
export type LoadSummary = Pick<Talk, "sent" | "failures" | "unfinished" | "throttled"> & {
  /** acknowledged and delivered before the time was over, a second */
  perSecond: number;
  acknowledged: Latency;
  delivered: Latency;
};

export function joinResults(talks: Talk[]): LoadSummary {
  const sum = (of: (talk: Talk) => number) => talks.reduce((total, talk) => total + of(talk), 0);
  return {
    perSecond: sum(talk => talk.doneInTime / talk.seconds),
    sent: sum(talk => talk.sent),
    acknowledged: summarize(talks.map(talk => talk.acknowledged)),
    delivered: summarize(talks.map(talk => talk.delivered)),
    failures: talks.flatMap(talk => talk.failures),
    unfinished: sum(talk => talk.unfinished),
    throttled: sum(talk => talk.throttled),
  };
}
