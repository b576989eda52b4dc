import type pg from "pg";
import { createBatcher } from "#database/batcher.ts";
import type { Metrics } from "#server/core/metrics.ts";
import { gauges } from "#server/core/readings.ts";
import { type Draft, type Written, writeBatch } from "./write.ts";

/** Writes messages in batches, and counts them. @returns what writes one; rejects as createBatcher says */
export function createWriter(pipelines: pg.Pool, metrics: Metrics): (draft: Draft) => Promise<Written> {
  let waiting = 0;
  gauges(metrics.registry, { name: "prochat_sends_waiting", help: "Messages that wait to be committed" }, () => [
    [{}, waiting],
  ]);

  const write = createBatcher(async (drafts: Draft[]) => {
    metrics.batchSize.observe(drafts.length);
    const stop = metrics.batchSeconds.startTimer();
    try {
      return await writeBatch(pipelines, drafts);
    } finally {
      stop();
    }
  });

  return async draft => {
    waiting++;
    try {
      return await write(draft);
    } finally {
      waiting--;
    }
  };
}
