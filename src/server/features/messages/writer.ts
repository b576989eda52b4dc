import type { WebsiteDatabase } from "#database/website-databases.ts";
import { batchByDatabase } from "#server/declaration/batches.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { type FirstMessage, writeFirstMessages } from "./first-messages.ts";
import type { NewMessage, Written } from "./new-message.ts";
import { writeBatch } from "./write.ts";

/** Writes a message in its database's next batch. @throws AppError "overloaded", as createBatcher() */
export const write = batched<NewMessage>(writeBatch);

/** As write(), for a visitor who is not known to have a conversation: "not_found" if they have one. */
export const writeFirst = batched<FirstMessage>(writeFirstMessages);

/** Batches that are counted and timed. */
function batched<Message extends NewMessage>(
  run: (pipelines: WebsiteDatabase["pipelines"], messages: Message[]) => Promise<Written[]>,
) {
  const add = batchByDatabase<Message, Written>(async ({ metrics }, { pipelines }, messages) => {
    metrics.batchSize.observe(messages.length);
    const stop = metrics.batchSeconds.startTimer();
    try {
      return await run(pipelines, messages);
    } finally {
      stop();
    }
  });
  return async (ctx: Ctx, database: WebsiteDatabase, message: Message): Promise<Written> => {
    const { sendsWaiting } = ctx.metrics;
    sendsWaiting.inc();
    try {
      return await add(ctx, database, message);
    } finally {
      sendsWaiting.dec();
    }
  };
}
