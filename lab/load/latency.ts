/** Milliseconds. */
export type Latency = { count: number; p50Ms: number; p99Ms: number; p999Ms: number; maxMs: number };

export function summarize(times: Float64Array[]): Latency {
  const sorted = new Float64Array(times.reduce((sum, each) => sum + each.length, 0));
  let at = 0;
  for (const each of times) {
    sorted.set(each, at);
    at += each.length;
  }
  sorted.sort();
  const quantile = (share: number) => Math.round((sorted[Math.floor((sorted.length - 1) * share)] ?? 0) * 100) / 100;
  return {
    count: sorted.length,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
    p999Ms: quantile(0.999),
    maxMs: quantile(1),
  };
}
