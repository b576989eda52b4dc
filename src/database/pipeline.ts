import type pg from "pg";
import type { Statement } from "./connect.ts";
import { sql } from "./sql.ts";

/**
 * The first statement of a batch's transaction: one plan for all batches, because planning takes longer than a small batch,
 * and each row by its key. While a table is empty, the planner prefers to read it whole, and PostgreSQL keeps that plan
 * until the table is analyzed, thousands of rows later: write-plan.test.ts.
 */
export const planOnce = sql`
  select set_config('plan_cache_mode', 'force_generic_plan', true),
    set_config('enable_seqscan', 'off', true),
    set_config('enable_hashjoin', 'off', true),
    set_config('enable_mergejoin', 'off', true),
    set_config('enable_material', 'off', true)`;

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
