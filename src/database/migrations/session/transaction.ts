import { atLine, type Statement } from "#database/migrations/sql/statements.ts";
import { withLockRetry } from "./lock-retry.ts";
import { runStatement, type Session } from "./session.ts";

/**
 * Runs the statements in one transaction. If a lock is not free, it rolls back and starts again from the first.
 * @param what  named in the log
 * @param finish  runs after them, in the same transaction
 */
export async function runInTransaction(
  session: Session,
  { what, statements, finish }: { what: string; statements: Statement[]; finish: () => Promise<void> },
): Promise<void> {
  await withLockRetry(session, what, () =>
    inTransaction(session, async () => {
      for (const statement of statements) await atLine(statement, () => runStatement(session, statement.text));
      await finish();
    }),
  );
}

/** Commits all that work does, or nothing. */
export async function inTransaction<T>({ client }: Session, work: () => Promise<T>): Promise<T> {
  await client.query("begin");
  try {
    const result = await work();
    await client.query("commit");
    return result;
  } catch (error) {
    await client.query("rollback").catch(() => {}); // a broken connection has rolled back already
    throw error;
  }
}
