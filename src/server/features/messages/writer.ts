import type { WebsiteDatabase } from "#database/website-databases.ts";
import { batchByDatabase } from "#server/declaration/batches.ts";
import type { Ctx } from "#server/declaration/context.ts";
import type { NewMessage, Written } from "./new-message.ts";
import { writeBatch } from "./write.ts";

const writeBatched = batchByDatabase<NewMessage, Written>(async ({ metrics }, { pipelines }, messages) => {
  metrics.batchSize.observe(messages.length);
  const stop = metrics.batchSeconds.startTimer();
  try {
    return await writeBatch(pipelines, messages);
  } finally {
    stop();
  }
});

/**
 * Writes a message in its database's next batch, and counts it.
 * @throws AppError "overloaded" as createBatcher says
 */
export async function write(ctx: Ctx, database: WebsiteDatabase, message: NewMessage): Promise<Written> {
  const { sendsWaiting } = ctx.metrics;
  sendsWaiting.inc();
  try {
    return await writeBatched(ctx, database, message);
  } finally {
    sendsWaiting.dec();
  }
}
