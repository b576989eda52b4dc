import type { WebsiteDatabase } from "#database/website-databases.ts";
import { createBatcher } from "#platform/batcher.ts";
import type { Metrics } from "#platform/metrics/metrics.ts";
import type { NewMessage, Written } from "./new-message.ts";
import { writeBatch } from "./write.ts";

type Write = (message: NewMessage) => Promise<Written>;

/** One batcher per database: a slow database does not delay the others. */
const writers = new WeakMap<WebsiteDatabase, Write>();

/**
 * Writes a message in its database's next batch, and counts it.
 * @throws AppError "overloaded", as createBatcher()
 */
export async function write(metrics: Metrics, database: WebsiteDatabase, message: NewMessage): Promise<Written> {
  const writer = writers.get(database) ?? createWriter(metrics, database);
  writers.set(database, writer);
  metrics.sendsWaiting.inc();
  try {
    return await writer(message);
  } finally {
    metrics.sendsWaiting.dec();
  }
}

function createWriter(metrics: Metrics, { pipelines, isDistributed }: WebsiteDatabase): Write {
  async function run(messages: NewMessage[]): Promise<Written[]> {
    metrics.batchSize.observe(messages.length);
    const stop = metrics.batchSeconds.startTimer();
    try {
      return await writeBatch(pipelines, messages);
    } finally {
      stop();
    }
  }
  // If Citus distributes the tables by website, a batch of one website is committed by one machine.
  return createBatcher(run, isDistributed ? { groupOf: message => message.websiteId } : {});
}
