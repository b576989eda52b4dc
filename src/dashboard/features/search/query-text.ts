/** The filters that the page writes into the text of a search. The server reads the same text: docs/search.md. */
export type Operator = "from" | "tag" | "is" | "assignee" | "before" | "after";

const written = (operator: Operator) => new RegExp(`(^|\\s)${operator}:(?:"([^"]*)"?|(\\S*))`, "i");

/** What a text says for a filter; null: nothing. */
export function readFilter(text: string, operator: Operator): string | null {
  const [, , quoted, plain] = written(operator).exec(text) ?? [];
  return (quoted ?? plain)?.toLowerCase() || null;
}

/** The text with this value for a filter, in place of the one that it has; null: without the filter. */
export function writeFilter(text: string, operator: Operator, value: string | null): string {
  const without = text.replace(written(operator), "$1").replace(/\s+/g, " ").trim();
  if (value === null) return without;
  const named = unquoted(value);
  return `${without} ${operator}:${/\s/.test(named) ? `"${named}"` : named}`.trim();
}

/** A name in quotes is written without the quotes that it has. */
export const unquoted = (name: string) => name.replaceAll('"', "");
