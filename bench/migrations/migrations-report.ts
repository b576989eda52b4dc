export type Options = { messages: number; seconds: number; rate: number; reads: number; json?: true };

/** The requests that overlap a migration: due or answered while it ran, or due before and answered after it. */
export type Phase = {
  name: string;
  tookMs: number;
  requests: number;
  failures: string[];
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
  /** the longest wait for a lock that the migration held */
  blockedMs: number;
};

export type Report = Options & { acknowledged: number; lost: string[]; phases: Phase[] };

export function describeReport({ phases, acknowledged, lost, ...options }: Report): string {
  const line = (cells: unknown[]) =>
    cells.map((cell, nth) => (nth ? String(cell).padStart(9) : String(cell).padEnd(26))).join(" ");
  return [
    `${options.messages} messages, ${options.rate} sends/s and ${options.reads} reads/s, PostgreSQL 18, fsync on; times in ms`,
    line(["migration", "took", "requests", "failed", "p50", "p99", "max", "blocked"]),
    ...phases.map(({ name, tookMs, requests, failures, p50Ms, p99Ms, maxMs, blockedMs }) =>
      line([name, tookMs, requests, failures.length, p50Ms, p99Ms, maxMs, blockedMs]),
    ),
    `${acknowledged} messages acknowledged, ${lost.length} lost, doubled or out of order`,
    ...new Set(phases.flatMap(phase => phase.failures)),
    ...lost,
  ].join("\n");
}
