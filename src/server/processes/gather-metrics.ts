import type { Worker } from "node:cluster";
import { Gauge } from "prom-client";
import { createRegistry, mergeMetrics, type ProcessMetrics } from "#platform/metrics/metrics.ts";
import type { FromWorker, ToWorker } from "./messages.ts";

/** One that is frozen does not hide the others. */
const answerMs = 1_000;

/**
 * Asks all workers for their metrics, as a scrape that came to one of them wants those of all.
 * @param workers  those that run
 */
export function createGathering(workers: ReadonlySet<Worker>, tell: (worker: Worker, message: ToWorker) => void) {
  const registry = createRegistry("primary");
  const processes = new Gauge({
    name: "prochat_processes",
    help: "Processes on the port: those that run, and those that have told their metrics",
    labelNames: ["state"],
    registers: [registry],
  });
  const asked = new Map<number, (metrics: ProcessMetrics) => void>();
  let lastAsk = 0;

  async function ask(worker: Worker): Promise<ProcessMetrics | null> {
    const { promise, resolve } = Promise.withResolvers<ProcessMetrics | null>();
    const number = ++lastAsk;
    asked.set(number, resolve);
    tell(worker, { kind: "tell-metrics", ask: number });
    const late = setTimeout(resolve, answerMs, null);
    const metrics = await promise;
    clearTimeout(late);
    asked.delete(number);
    return metrics;
  }

  return {
    /** The text for all that answer in time, and for the first process. */
    async gather(): Promise<string> {
      const told = (await Promise.all([...workers].map(ask))).filter(metrics => metrics !== null);
      processes.set({ state: "running" }, workers.size);
      processes.set({ state: "answering" }, told.length);
      return mergeMetrics([await registry.getMetricsAsJSON(), ...told]);
    },
    hear({ ask, metrics }: Extract<FromWorker, { kind: "metrics" }>) {
      asked.get(ask)?.(metrics);
    },
  };
}
