import { invalid } from "./error-body.ts";

/**
 * Refuses what PostgreSQL cannot store in any text of a command: the character NUL (U+0000), and half of a character (a
 * lone surrogate, from a text that was cut in the middle of an emoji). It would refuse the statement, with an error that
 * does not name the field, or store another text.
 * @throws AppError "invalid_request" that names the field
 */
export function requireStorableText(params: object): void {
  const found = findProblem(params, []);
  if (found) throw invalid([found]);
}

/** What is wrong with a text; null: nothing. */
export function textProblem(text: string): string | null {
  if (text.includes("\u0000")) return "has a NUL character (U+0000), which cannot be stored. Remove it.";
  if (!text.isWellFormed()) return "has half of a character (a lone surrogate), which cannot be stored. Remove it.";
  return null;
}

/** The first text that has one, with its path; null: none has. */
function findProblem(value: unknown, path: string[]): { path: string[]; message: string } | null {
  if (typeof value === "string") {
    const message = textProblem(value);
    return message === null ? null : { path, message };
  }
  if (typeof value !== "object" || value === null) return null;
  for (const [name, part] of Object.entries(value)) {
    const found = findProblem(part, [...path, name]);
    if (found) return found;
  }
  return null;
}
