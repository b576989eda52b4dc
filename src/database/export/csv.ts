import type { ExportedColumn } from "./columns.ts";
import { linesOf } from "./lines.ts";

/** Some 64 KB a chunk. */
const rowsPerChunk = 100;

/**
 * CSV that a spreadsheet opens right: UTF-8 with its mark, CRLF, quoted texts, and no cell that it would run as a formula.
 * @param rows  NDJSON
 */
export async function* toCsv(rows: AsyncIterable<Uint8Array>, columns: ExportedColumn[]): AsyncGenerator<string> {
  yield `\ufeff${columns.map(({ name }) => quote(name)).join(",")}\r\n`;
  let chunk: string[] = [];
  for await (const line of linesOf(rows)) {
    const row = JSON.parse(line);
    chunk.push(columns.map(({ name }) => cellOf(row[name])).join(","));
    if (chunk.length === rowsPerChunk) {
      yield `${chunk.join("\r\n")}\r\n`;
      chunk = [];
    }
  }
  if (chunk.length > 0) yield `${chunk.join("\r\n")}\r\n`;
}

/** null is an empty cell, an empty text is "". */
function cellOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return quote(withoutFormula(typeof value === "string" ? value : JSON.stringify(value)));
}

const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;

/** Spreadsheets run what begins so, whole-width forms included. */
const formula = /^[=+\-@\t\r\n＝＋－＠]/;
const number = /^[+-]?\d+([.,]\d+)*(e[+-]?\d+)?$/i;

/** An apostrophe makes it a text. A number stays a number. */
export const withoutFormula = (text: string): string => (formula.test(text) && !number.test(text) ? `'${text}` : text);
