type Failure = { code?: string; message?: string; table?: string; constraint?: string; detail?: string };

export const isMissingTable = (error: unknown): boolean => (error as Failure)?.code === "42P01";

/**
 * The conversation of a message whose partition is missing; null for any other failure. PostgreSQL gives the key in the
 * detail. The words around it depend on its language, so only the id is read. (A failed check has a constraint's name.)
 */
export function findUnplacedConversation(error: unknown): string | null {
  const { code, table, constraint, detail = "" } = (error ?? {}) as Failure;
  if (code !== "23514" || table !== "messages" || constraint) return null;
  return /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(detail)?.[0] ?? null;
}
