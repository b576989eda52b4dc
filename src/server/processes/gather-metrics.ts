import type { Worker } from "node:cluster";
import { Gauge } from "prom-client";
import { createRegistry, mergeMetrics, type ProcessMetrics } from "#platform/metrics/metrics.ts";
import { QueryTimes } from "#platform/metrics/query-times.ts";
import type { FromWorker, ToWorker } from "./messages.ts";

/** A frozen process is left out after this time, and does not hide the others. */
const answerMs = 1_000;

/**
 * Gathers the metrics of all workers: a scrape reaches one of them and gets those of all.
 * @param workers  those that run
 */
export function createMetricsGathering(
  workers: ReadonlySet<Worker>,
  send: (worker: Worker, message: ToWorker) => void,
) {
  const registry = createRegistry("primary");
  const processes = new Gauge({
    name: "prochat_processes",
    help: "Processes on the port: those that run, and those that answered with their metrics",
    labelNames: ["state"],
    registers: [registry],
  });
  const waiting = new Map<number, (metrics: ProcessMetrics) => void>();
  let lastRequest = 0;

  async function getMetrics(worker: Worker): Promise<ProcessMetrics | null> {
    const { promise, resolve } = Promise.withResolvers<ProcessMetrics | null>();
    const request = ++lastRequest;
    waiting.set(request, resolve);
    send(worker, { kind: "get-metrics", request });
    const timer = setTimeout(resolve, answerMs, null);
    const metrics = await promise;
    clearTimeout(timer);
    waiting.delete(request);
    return metrics;
  }

  return {
    registry,
    queries: new QueryTimes("primary", registry),
    /** The text for the primary and for all workers that answer in time. */
    async gather(): Promise<string> {
      const answers = (await Promise.all([...workers].map(getMetrics))).filter(metrics => metrics !== null);
      processes.set({ state: "running" }, workers.size);
      processes.set({ state: "answering" }, answers.length);
      return mergeMetrics([await registry.getMetricsAsJSON(), ...answers]);
    },
    onAnswer({ request, metrics }: Extract<FromWorker, { kind: "metrics" }>) {
      waiting.get(request)?.(metrics);
    },
  };
}
