import type { IndexStmt, RangeVar } from "libpg-query";
import { type Statement, tokensOf } from "#database/migrations/sql/statements.ts";

/** The parts of a `create index`, which can be written again for another table. */
export type ParsedIndex = {
  name: string;
  isUnique: boolean;
  table: RangeVar;
  /** the text after the table's name: method, columns, condition */
  definition: string;
};

/** @throws Error if the index has no name: a second run could not tell whether it exists already */
export async function parseIndex(statement: Statement, { idxname, unique, relation }: IndexStmt): Promise<ParsedIndex> {
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
