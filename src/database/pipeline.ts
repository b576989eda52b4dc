import type pg from "pg";
import type { Statement } from "./connect.ts";

/**
 * Runs statements as one transaction in one round trip: `begin`, all of them, `commit` leave together.
 * @returns the rows of each statement
 * @throws the first error. Nothing was changed, unless the connection broke: then the outcome is unknown
 */
export async function pipelined(pool: pg.Pool, statements: Statement[]): Promise<unknown[][]> {
  const client = await pool.connect();
  try {
    const begun = client.query("begin");
    const results = statements.map(statement => client.query(statement));
    const committed = client.query("commit");
    const outcomes = await Promise.allSettled([begun, ...results, committed]);
    const failed = outcomes.find(outcome => outcome.status === "rejected");
    if (failed) throw failed.reason;
    client.release();
    return Promise.all(results.map(async result => (await result).rows));
  } catch (error) {
    client.release(true); // closes the connection: its state is unknown
    throw error;
  }
}
