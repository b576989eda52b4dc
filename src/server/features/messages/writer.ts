import type pg from "pg";
import { createBatcher } from "#platform/batcher.ts";
import { gauges } from "#platform/metrics/gauges.ts";
import type { Metrics } from "#platform/metrics/metrics.ts";
import { type Draft, type Written, writeBatch } from "./write.ts";

/**
 * Writes messages in batches, and counts them.
 * @param p.isDistributed  a batch is then of one website: its rows lie on one machine, and one machine commits it
 * @returns what writes one; rejects as createBatcher says
 */
export function createWriter(
  pipelines: pg.Pool,
  { metrics, isDistributed }: { metrics: Metrics; isDistributed: boolean },
): (draft: Draft) => Promise<Written> {
  let waiting = 0;
  gauges(metrics.registry, { name: "prochat_sends_waiting", help: "Messages that wait to be committed" }, () => [
    [{}, waiting],
  ]);

  async function run(drafts: Draft[]): Promise<Written[]> {
    metrics.batchSize.observe(drafts.length);
    const stop = metrics.batchSeconds.startTimer();
    try {
      return await writeBatch(pipelines, drafts);
    } finally {
      stop();
    }
  }

  const write = createBatcher(run, isDistributed ? { groupOf: draft => draft.websiteId } : {});

  return async draft => {
    waiting++;
    try {
      return await write(draft);
    } finally {
      waiting--;
    }
  };
}
