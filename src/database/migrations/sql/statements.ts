import type { Node, ScanToken, SqlError } from "libpg-query";
import { AppError } from "#protocol/errors.ts";

/** It takes 8 MB, and most commands parse nothing. */
const loadParser = () => import("libpg-query");

/** One statement of a migration, as PostgreSQL's own parser sees it. */
export type Statement = {
  text: string;
  tree: Node;
  /** in the file, from 1 */
  line: number;
  /** marked "-- Backfill" */
  isBackfill: boolean;
  /** why it may lock a large table for long: the text of its "-- Allow long lock: …" */
  longLockReason: string | null;
};

/** A token of a statement. Positions are in characters of its text. */
export type Token = { text: string; start: number; end: number };

/**
 * Splits SQL by PostgreSQL's own parser, so bodies of functions stay whole. The comments before a statement belong to it;
 * marks such as "-- Backfill" are comments.
 * @param firstLine  the SQL's first line in the file
 * @throws Error with PostgreSQL's message and the line of the wrong syntax
 */
export async function splitStatements(sql: string, firstLine = 1): Promise<Statement[]> {
  const bytes = Buffer.from(sql); // the parser counts bytes
  const { parse, scan } = await loadParser();
  const { stmts = [] } = await parse(sql).catch(error => {
    throw describeSyntaxError(error, sql, firstLine);
  });
  const comments = (await scan(sql)).tokens.filter(token => token.tokenName === "SQL_COMMENT");
  let previousEnd = 0;
  return stmts.map(({ stmt, stmt_location: start = 0, stmt_len: length = bytes.length - start }) => {
    const marks = comments.filter(comment => comment.start >= previousEnd && comment.end <= start).map(readMark);
    previousEnd = start + length;
    return {
      text: bytes.toString("utf8", start, previousEnd).trim(),
      tree: stmt!,
      line: firstLine + countLines(bytes.toString("utf8", 0, start)),
      isBackfill: marks.some(mark => mark === "Backfill"),
      longLockReason: marks.flatMap(mark => /^Allow long lock: *(\S.*)$/.exec(mark)?.[1] ?? []).at(-1) ?? null,
    };
  });
}

/** The tokens of one statement, without comments. */
export async function tokensOf(text: string): Promise<Token[]> {
  const bytes = Buffer.from(text);
  const charactersTo = (byte: number) => bytes.toString("utf8", 0, byte).length;
  const { tokens } = await (await loadParser()).scan(text);
  return tokens
    .filter(({ tokenName }) => tokenName !== "SQL_COMMENT" && tokenName !== "C_COMMENT")
    .map(({ text, start, end }) => ({ text, start: charactersTo(start), end: charactersTo(end) }));
}

/** Runs the work of a statement. An error keeps its code, and its message gets the line in the file. */
export async function atLine<T>({ line }: Statement, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const { code, message } = cause as { code?: string; message: string };
    throw Object.assign(new Error(`line ${line}: ${message}`, { cause }), { code });
  }
}

const readMark = ({ text }: ScanToken) => text.replace(/^--\s*/, "").trimEnd();

const countLines = (text: string) => text.split("\n").length - 1;

function describeSyntaxError(error: unknown, sql: string, firstLine: number): Error {
  const place = (error as Partial<SqlError>).sqlDetails?.cursorPosition ?? 0;
  const { message } = error as Error;
  return new Error(`line ${firstLine + countLines(sql.slice(0, place))}: ${message}`, { cause: error });
}
