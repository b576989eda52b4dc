import type { UpdateStmt } from "libpg-query";
import { type Statement, tokensOf } from "#database/migrations/sql/statements.ts";

/** The parts of an update of one table, which can be run for some of its rows. */
export type ParsedUpdate = {
  /** the table's name in `set` and `condition` */
  alias: string;
  set: string;
  /** null: all rows */
  condition: string | null;
};

/** @throws Error if it is more than "update a table set … where …" */
export async function parseUpdate({ text }: Statement, update: UpdateStmt): Promise<ParsedUpdate> {
  if (update.fromClause || update.withClause || update.returningClause)
    throw new Error("a backfill is a plain update: read other tables in subqueries of its set");
  const { alias, relname = "" } = update.relation ?? {};
  const words = await listTopLevelWords(text);
  const set = words.find(word => word.text === "set")!;
  const where = words.find(word => word.text === "where");
  return {
    alias: alias?.aliasname ?? relname,
    set: text.slice(set.end, where?.start).trim(),
    condition: where ? text.slice(where.end).trim() : null,
  };
}

async function listTopLevelWords(text: string) {
  let depth = 0;
  const words: { text: string; start: number; end: number }[] = [];
  for (const token of await tokensOf(text)) {
    if (token.text === ")") depth--;
    if (depth === 0) words.push({ ...token, text: token.text.toLowerCase() });
    if (token.text === "(") depth++;
  }
  return words;
}
