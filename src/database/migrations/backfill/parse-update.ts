import type { UpdateStmt } from "libpg-query";
import { type Statement, tokensOf } from "#database/migrations/sql/statements.ts";

/** An update of one table, taken apart so that it can be done in parts. */
export type BackfillDraft = {
  /** how set and condition call the table */
  alias: string;
  set: string;
  /** which rows; null: all */
  condition: string | null;
};

/** @throws Error when it is more than "update a table set … where …" */
export async function readBackfillDraft({ text }: Statement, update: UpdateStmt): Promise<BackfillDraft> {
  if (update.fromClause || update.withClause || update.returningClause)
    throw new Error("a backfill is a plain update: what it reads of other tables goes into subqueries in its set");
  const { alias, relname = "" } = update.relation ?? {};
  const words = await wordsOutsideOfParentheses(text);
  const set = words.find(word => word.text === "set")!;
  const where = words.find(word => word.text === "where");
  return {
    alias: alias?.aliasname ?? relname,
    set: text.slice(set.end, where?.start).trim(),
    condition: where ? text.slice(where.end).trim() : null,
  };
}

async function wordsOutsideOfParentheses(text: string) {
  let depth = 0;
  const words: { text: string; start: number; end: number }[] = [];
  for (const token of await tokensOf(text)) {
    if (token.text === ")") depth--;
    if (depth === 0) words.push({ ...token, text: token.text.toLowerCase() });
    if (token.text === "(") depth++;
  }
  return words;
}
