type Failure = { code?: string; message?: string; table?: string; constraint?: string; detail?: string };

export const isMissingTable = (error: unknown): boolean => (error as Failure)?.code === "42P01";

/**
 * The conversation of a message that no partition takes; null for any other failure. PostgreSQL names the key in the
 * detail; its words depend on its language, hence no look at them. (A broken check has a constraint's name.)
 */
export function findUnplacedConversation(error: unknown): string | null {
  const { code, table, constraint, detail = "" } = (error ?? {}) as Failure;
  if (code !== "23514" || table !== "messages" || constraint) return null;
  return /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(detail)?.[0] ?? null;
}
