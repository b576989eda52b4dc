import type { Worker } from "node:cluster";
import type { Vitals } from "#platform/vitals.ts";
import type { FromWorker, ToWorker } from "./messages.ts";

/** A process that does not answer in this time stands still. */
const answerMs = 5_000;

/**
 * Asks all workers for their condition.
 * @param workers  those that run
 */
export function createVitalsGathering(workers: ReadonlySet<Worker>, send: (worker: Worker, message: ToWorker) => void) {
  const waiting = new Map<number, (vitals: Vitals[]) => void>();
  let lastRequest = 0;

  async function ask(worker: Worker): Promise<Vitals[]> {
    const { promise, resolve } = Promise.withResolvers<Vitals[]>();
    const request = ++lastRequest;
    waiting.set(request, resolve);
    send(worker, { kind: "get-vitals", request });
    const timer = setTimeout(() => resolve([frozen(worker)]), answerMs);
    const vitals = await promise;
    clearTimeout(timer);
    waiting.delete(request);
    return vitals;
  }

  return {
    gather: async (): Promise<Vitals[]> => (await Promise.all([...workers].map(ask))).flat(),
    onAnswer({ request, vitals }: Extract<FromWorker, { kind: "vitals" }>) {
      waiting.get(request)?.(vitals);
    },
  };
}

const frozen = ({ process: { pid } }: Worker): Vitals => ({
  process: `with the number ${pid}`,
  blockedMs: answerMs,
  heapBytes: 0,
  maxHeapBytes: 1,
  files: null,
  pools: [],
  queries: null,
});
