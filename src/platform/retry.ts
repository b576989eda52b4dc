import { setTimeout as sleep } from "node:timers/promises";

type Failure = { code?: string; message?: string };

/**
 * Transient failures: the statement had no effect, or its effect is unknown. An idempotent command may run again.
 * The codes are PostgreSQL's (its manual, appendix A) and Node's for a broken connection.
 */
const transient = new Set([
  "40001", // serialization_failure
  "40P01", // deadlock_detected
  "53300", // too_many_connections
  "57P01", // admin_shutdown
  "57P02", // crash_shutdown
  "57P03", // cannot_connect_now
  "25006", // read_only_sql_transaction: a primary that was demoted
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
]);

// The driver throws these without a code.
const brokenConnection =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|not queryable/;

export function isTransient(error: unknown): boolean {
  const { code = "", message = "" } = (error ?? {}) as Failure;
  return transient.has(code) || code.startsWith("08") || brokenConnection.test(message);
}

/** A write found no space. Nothing was changed; it works again when there is space. */
export const isDiskFull = (error: unknown): boolean => (error as Failure)?.code === "53100";

/** The row itself was refused: bad data or a broken constraint (classes 22 and 23). */
export const isRefusedRow = (error: unknown): boolean => /^(22|23)/.test((error as Failure)?.code ?? "");

const maxAttempts = 4;
const firstPauseMs = 50;

/** Runs an idempotent command again after a transient failure, up to 4 times, with growing pauses (0.1, 0.2, 0.4 s). */
export async function withRetries<Result>(run: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (attempt === maxAttempts || !isTransient(error)) throw error;
      await sleep(firstPauseMs * 2 ** attempt);
    }
  }
}
