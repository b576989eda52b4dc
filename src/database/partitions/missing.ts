import { type Db, type Query, queryIn } from "#database/connect.ts";
import { findUnplacedConversation } from "#database/failures.ts";
import { makePartitionOf } from "./months.ts";

/** A batch has messages of this month, of the last one and, from a wrong clock, of another one. */
const maxMissing = 4;

/**
 * Runs a transaction that inserts messages. If the partition of a conversation's month is missing, creates it and runs
 * the transaction again: no message is lost because a nightly job did not run.
 * @param query  outside of that transaction, which has failed then
 */
export async function withPartitions<Result>(query: Query, run: () => Promise<Result>): Promise<Result> {
  for (let missing = 0; ; missing++) {
    try {
      return await run();
    } catch (error) {
      const conversationId = findUnplacedConversation(error);
      if (!conversationId || missing === maxMissing) throw error;
      await makePartitionOf(query, conversationId);
    }
  }
}

/** Runs a transaction that inserts messages, with withPartitions(). */
export const inserting = <Result>(db: Db, run: (tx: Db) => Promise<Result>): Promise<Result> =>
  withPartitions(queryIn(db), () => db.transaction().execute(run));
