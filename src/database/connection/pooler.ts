import { randomBytes } from "node:crypto";
import type { DatabaseClient } from "./client.ts";

/**
 * session: a client keeps its connection to PostgreSQL. transaction: it gets another one for each transaction, so that
 * nothing that it sets or locks for its session stays with it.
 */
export type PoolerMode = "session" | "transaction";

type Found = { mode: PoolerMode; hasNamedStatements: boolean };

const rounds = 5;

/**
 * Finds out how a pooler hands out its connections, with two clients in turns: if one of them is served by another process
 * of PostgreSQL than before, or by that of the other, the mode is "transaction". Then it shows whether a statement that one
 * client prepared under a name is found on another connection. PgBouncer does that since 1.21, if configured so.
 */
export async function examinePooler(client: DatabaseClient, other: DatabaseClient): Promise<Found> {
  const name = `probe_${randomBytes(6).toString("hex")}`;
  const run = (by: DatabaseClient, value: number) => runNamed(by, name, value);
  const first = await run(client, 1);
  if (first === null) return unnamed;
  const inTransactionMode: Found = { mode: "transaction", hasNamedStatements: true };
  for (let round = 0; round < rounds; round++) {
    // While its transaction is open, the other client holds a connection, and the first one gets another.
    await other.query("begin");
    const others = await run(other, 2);
    await other.query("rollback");
    if (others === null) return unnamed;
    if (others === first) return inTransactionMode;
    // Twice: a pooler may take its connections by turns.
    const next = [await run(client, 1), await run(client, 1)];
    if (next.includes(null)) return unnamed;
    if (next.some(pid => pid !== first)) return inTransactionMode;
  }
  return { mode: "session", hasNamedStatements: true };
}

const unnamed: Found = { mode: "transaction", hasNamedStatements: false };

/**
 * Runs a statement under a name. Each value makes another statement.
 * @returns the process of PostgreSQL that ran it; null: there it had another statement under the name, or none
 */
async function runNamed(client: DatabaseClient, name: string, value: number): Promise<number | null> {
  try {
    const text = `select pg_backend_pid() as pid, ${value} + $1::int as value`;
    const { rows } = await client.query<{ pid: number; value: number }>({ name, text, values: [0] });
    return rows[0]!.value === value ? rows[0]!.pid : null;
  } catch (error) {
    const { code } = error as { code?: string };
    // duplicate_prepared_statement, invalid_sql_statement_name
    if (code === "42P05" || code === "26000") return null;
    throw error;
  }
}
