import type pg from "pg";
import { type Db, type Query, queryIn } from "#database/connect.ts";
import { makePartitionOf, monthOf } from "./months.ts";

/** A batch has messages of this month, of the last one and, from a wrong clock, of another one. */
const maxMissing = 4;

/**
 * Runs a transaction that inserts messages. If the partition of a conversation's month is missing, creates it and runs
 * the transaction again: no message is lost because a nightly job did not run.
 * @param query  outside of that transaction, which has failed then
 * @throws AppError "month_gone" if the month was deleted, and what `run` throws
 */
export async function withPartitions<Result>(query: Query, run: () => Promise<Result>): Promise<Result> {
  for (let missing = 0; ; missing++) {
    try {
      return await run();
    } catch (error) {
      const month = findMissingMonth(error);
      if (!month || missing === maxMissing) throw error;
      await makePartitionOf(query, month);
    }
  }
}

/** Runs a transaction that inserts messages, with withPartitions(). */
export const inserting = <Result>(db: Db, run: (tx: Db) => Promise<Result>): Promise<Result> =>
  withPartitions(queryIn(db), () => db.transaction().execute(run));

/**
 * The month (2026-11) whose partition a message needs and does not find; null for any other failure. A statement that
 * names the month's table names it in its error. For one on `messages` PostgreSQL gives the key in the detail. The words
 * around it depend on its language, so only the id is read. (A failed check has a constraint's name.)
 */
function findMissingMonth(error: unknown): string | null {
  const { code, table, constraint, message = "", detail = "" } = (error ?? {}) as Partial<pg.DatabaseError>;
  if (code === "42P01") return /\bmessages_(\d{4}_\d{2})\b/.exec(message)?.[1]?.replace("_", "-") ?? null;
  if (code !== "23514" || table !== "messages" || constraint) return null;
  const id = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(detail)?.[0];
  return id ? monthOf(id) : null;
}
