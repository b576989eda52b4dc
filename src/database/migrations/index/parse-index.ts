import type { IndexStmt, RangeVar } from "libpg-query";
import { type Statement, tokensOf } from "#database/migrations/sql/statements.ts";

/** A `create index`, taken apart so that it can be written for another table. */
export type IndexDraft = {
  name: string;
  isUnique: boolean;
  table: RangeVar;
  /** what follows the table's name: method, columns, condition */
  definition: string;
};

/** @throws Error when the index has no name: without one nobody could tell whether it is there already */
export async function readIndexDraft(
  statement: Statement,
  { idxname, unique, relation }: IndexStmt,
): Promise<IndexDraft> {
  if (!idxname) throw new Error("an index that is built concurrently needs a name");
  const tokens = await tokensOf(statement.text);
  let last = tokens.findIndex(({ text }) => text.toLowerCase() === "on") + 1;
  if (tokens[last]?.text.toLowerCase() === "only") last++;
  while (tokens[last + 1]?.text === ".") last += 2;
  if (tokens[last + 1]?.text === "*") last++;
  return {
    name: idxname,
    isUnique: unique ?? false,
    table: relation!,
    definition: statement.text.slice(tokens[last]!.end).trim(),
  };
}
