import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { RequestContext } from "#platform/requests/request-context.ts";
import { histograms } from "./gauges.ts";

/** A statement that PostgreSQL has answered. It has no text and no values: people's words may be in them. */
export type Observed = {
  /** its name */
  query: string;
  ms: number;
  /** how long its transaction waited for a connection; 0 for all but the first statement */
  waitedMs: number;
  /** read or changed; null: it failed */
  rows: number | null;
  /** who it worked for */
  context: RequestContext;
};

/** The statements of one name since the process started. */
export type QueryTotals = {
  query: string;
  calls: number;
  seconds: number;
  /** calls up to each bound of `querySeconds` and above the one before; at last those above all */
  counts: number[];
};

export type SlowQuery = Omit<Observed, "context"> & {
  /** ISO 8601 */
  at: string;
  /** ids of the requests that it worked for; of a batch the first ones */
  requests: string[];
};

/** What one process has measured. */
export type ProcessTimes = {
  process: string;
  /** when it began to measure; ISO 8601 */
  since: string;
  totals: QueryTotals[];
  slow: SlowQuery[];
};

/** A query by its key takes half a millisecond; one that takes 10 s has lost its user. */
export const querySeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

type FieldLog = Pick<Logger, "warn">;

/** Slow ones that are kept. */
const maxKept = 50;
const maxRequests = 10;

/** How long statements take, by the names of their queries, and the last slow ones. */
export class QueryTimes {
  private readonly totals = new Map<string, QueryTotals>();
  private readonly slow: SlowQuery[] = [];
  private readonly since = new Date().toISOString();
  private readonly process: string;

  constructor(process: string, registry: Registry) {
    this.process = process;
    const metric = {
      name: "prochat_query_seconds",
      help: "Time until PostgreSQL answered a statement, by the name of its query, without the wait for a connection",
      labelNames: ["query"] as "query"[],
    };
    histograms(registry, metric, querySeconds, () =>
      [...this.totals.values()].map(({ query, ...values }) => ({ labels: { query }, ...values })),
    );
  }

  /** @returns to be called with each statement; it counts it, and logs it if it was slow */
  watch(log: FieldLog, slowMs: number): (statement: Observed) => void {
    return statement => {
      this.count(statement);
      const { context, ...rest } = statement;
      if (rest.ms + rest.waitedMs < slowMs) return;
      const requests = context.batch?.slice(0, maxRequests) ?? (context.request ? [context.request] : []);
      const slow = { ...rest, at: new Date().toISOString(), requests };
      if (this.slow.push(slow) > maxKept) this.slow.shift();
      log.warn(describe(slow), "slow query");
    };
  }

  read(): ProcessTimes {
    const { process, since } = this;
    return { process, since, totals: structuredClone([...this.totals.values()]), slow: [...this.slow] };
  }

  private count({ query, ms }: Observed): void {
    let totals = this.totals.get(query);
    if (!totals) {
      totals = { query, calls: 0, seconds: 0, counts: Array<number>(querySeconds.length + 1).fill(0) };
      this.totals.set(query, totals);
    }
    const seconds = ms / 1000;
    totals.calls++;
    totals.seconds += seconds;
    let place = 0;
    while (place < querySeconds.length && seconds > querySeconds[place]!) place++;
    totals.counts[place]!++;
  }
}

/** Fields of the log; `failed` in place of rows. The request is named here, as the answer of a driver may come outside of it. */
const describe = ({ query, ms, waitedMs, rows, requests }: SlowQuery) => ({
  query,
  ms: Math.round(ms),
  poolWaitMs: Math.round(waitedMs),
  ...(rows === null ? { failed: true } : { rows }),
  ...(requests.length === 1 ? { request: requests[0] } : requests.length > 1 && { requests }),
});

/** The sums of several processes. */
export function addTotals(processes: QueryTotals[][]): QueryTotals[] {
  const sums = new Map<string, QueryTotals>();
  for (const each of processes.flat()) {
    const sum = sums.get(each.query);
    if (!sum) sums.set(each.query, { ...each, counts: [...each.counts] });
    else {
      sum.calls += each.calls;
      sum.seconds += each.seconds;
      for (const [i, count] of each.counts.entries()) sum.counts[i]! += count;
    }
  }
  return [...sums.values()];
}

/**
 * The time that this share of the calls did not take longer than, in seconds, as Prometheus' histogram_quantile() estimates it:
 * evenly between the bounds of its bucket.
 */
export function quantile({ calls, counts }: QueryTotals, share: number): number {
  const rank = share * calls;
  let below = 0;
  for (const [i, to] of querySeconds.entries()) {
    const count = counts[i]!;
    if (below + count >= rank && count > 0) {
      const from = querySeconds[i - 1] ?? 0;
      return from + ((rank - below) / count) * (to - from);
    }
    below += count;
  }
  return querySeconds.at(-1)!;
}
