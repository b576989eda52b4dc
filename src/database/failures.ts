/** What a failed statement means for whoever wants to try again. */

type Failure = { code?: string; message?: string; table?: string; constraint?: string; detail?: string };

/**
 * The statement did not take effect through no fault of its own, or nobody knows: an idempotent command may run again.
 * PostgreSQL's error codes (its manual, appendix A) and Node's of a broken connection.
 */
const passing = new Set([
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

// Node's driver gives these no code.
const brokenConnection =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|not queryable/;

export function isPassing(error: unknown): boolean {
  const { code = "", message = "" } = (error ?? {}) as Failure;
  return passing.has(code) || code.startsWith("08") || brokenConnection.test(message);
}

/** The row itself was refused: bad data or a broken constraint (classes 22 and 23). */
export const isRefusedRow = (error: unknown): boolean => /^(22|23)/.test((error as Failure)?.code ?? "");

export const isMissingTable = (error: unknown): boolean => (error as Failure)?.code === "42P01";

export const isUniqueViolation = (error: unknown): boolean => (error as Failure)?.code === "23505";

/**
 * The conversation of a message that no partition takes; null for any other failure. PostgreSQL names the key in the
 * detail; its words depend on its language, hence no look at them. (A broken check has a constraint's name.)
 */
export function findUnplacedConversation(error: unknown): string | null {
  const { code, table, constraint, detail = "" } = (error ?? {}) as Failure;
  if (code !== "23514" || table !== "messages" || constraint) return null;
  return /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(detail)?.[0] ?? null;
}
