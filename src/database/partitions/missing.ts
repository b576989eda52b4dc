import { type Db, type Query, queryIn } from "#database/connect.ts";
import { findUnplacedConversation } from "#database/failures.ts";
import { makePartitionOf } from "./months.ts";

/** A batch has messages of this month, of the last one and, by a clock that is wrong, of another. */
const mostMissing = 4;

/**
 * Runs a whole transaction that inserts messages. Where the partition of a conversation's month is missing, it is made
 * and the transaction runs again: no message is lost to a job that did not run.
 * @param query  outside of that transaction, which has failed by then
 */
export async function withPartitions<Result>(query: Query, run: () => Promise<Result>): Promise<Result> {
  for (let missing = 0; ; missing++) {
    try {
      return await run();
    } catch (error) {
      const conversationId = findUnplacedConversation(error);
      if (!conversationId || missing === mostMissing) throw error;
      await makePartitionOf(query, conversationId);
    }
  }
}

/** A transaction that inserts messages among others, with withPartitions(). */
export const inserting = <Result>(db: Db, run: (tx: Db) => Promise<Result>): Promise<Result> =>
  withPartitions(queryIn(db), () => db.transaction().execute(run));
