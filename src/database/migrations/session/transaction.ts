import { atLine, type Statement } from "#database/migrations/sql/statements.ts";
import { patiently } from "./lock-retry.ts";
import { runStatement, type Session } from "./session.ts";

/**
 * Runs statements whole or not at all, and again from the first when a lock could not be had.
 * @param what  is done, for the log
 * @param finish  after them, in the same transaction
 */
export async function runInTransaction(
  session: Session,
  { what, statements, finish }: { what: string; statements: Statement[]; finish: () => Promise<void> },
): Promise<void> {
  await patiently(session, what, () =>
    inTransaction(session, async () => {
      for (const statement of statements) await atLine(statement, () => runStatement(session, statement.text));
      await finish();
    }),
  );
}

/** Commits what work does, or nothing of it. */
export async function inTransaction<T>({ client }: Session, work: () => Promise<T>): Promise<T> {
  await client.query("begin");
  try {
    const result = await work();
    await client.query("commit");
    return result;
  } catch (error) {
    await client.query("rollback").catch(() => {}); // a connection that broke has rolled back by itself
    throw error;
  }
}
