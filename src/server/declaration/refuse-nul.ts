import { invalid } from "./error-body.ts";

/**
 * Refuses the character NUL (U+0000) in any text of a command. PostgreSQL stores it in no text: it would refuse the
 * statement, with an error that does not name the field.
 * @throws AppError "invalid_request" that names the field
 */
export function refuseNul(params: object): void {
  const path = findNul(params);
  if (path) throw invalid([{ path, message: "has a NUL character (U+0000), which cannot be stored. Remove it." }]);
}

/** The path of the first text that has one; null: none has. */
function findNul(value: unknown): string[] | null {
  if (typeof value === "string") return value.includes("\u0000") ? [] : null;
  if (typeof value !== "object" || value === null) return null;
  for (const [name, part] of Object.entries(value)) {
    const path = findNul(part);
    if (path) return [name, ...path];
  }
  return null;
}
