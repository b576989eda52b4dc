import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import type pg from "pg";
import { through } from "#platform/through.ts";
import { columnsOf } from "./columns.ts";
import { toCsv } from "./csv.ts";
import { toJson } from "./json.ts";
import { toParquet } from "./parquet.ts";
import { readRows, requireSubject } from "./read-rows.ts";
import { type ExportedTable, exportedTables, type Scope } from "./scope.ts";

export const exportFormats = ["json", "ndjson", "csv", "parquet"] as const;
export type ExportFormat = (typeof exportFormats)[number];

export type ExportOptions = {
  scope: Scope;
  format: ExportFormat;
  /** null: all tables, which only json can hold */
  table: ExportedTable | null;
  /** not for parquet, which is compressed */
  isGzipped?: boolean;
  onRows?(count: number): void;
};

/**
 * Streams an export with flat memory, whatever its size.
 * @param client  a direct connection, which the export keeps busy; close it if the stream is not read to its end
 */
export function exportRows(client: pg.Client, { scope, format, table, isGzipped, onRows }: ExportOptions): Readable {
  const rowsOf = (each: ExportedTable) => readRows(client, scope, each, onRows);
  async function* bytes(): AsyncGenerator<Buffer | string> {
    const single = table ?? "messages";
    if (format === "json") {
      const about = { exportedAt: new Date(), website: scope.websiteId };
      yield* toJson(
        about,
        (table ? [table] : exportedTables).map(each => [each, rowsOf(each)]),
      );
    } else if (format === "csv") yield* toCsv(rowsOf(single), await columnsOf(client, single));
    else if (format === "parquet") yield* toParquet(rowsOf(single), await columnsOf(client, single));
    else yield* rowsOf(single);
  }
  async function* inSnapshot() {
    // All tables and months as of one moment. It holds no lock that a writer or a reader waits for.
    await client.query("begin isolation level repeatable read read only");
    await requireSubject(client, scope);
    yield* bytes();
    await client.query("commit");
  }
  const stream = Readable.from(inSnapshot(), { objectMode: false });
  return isGzipped ? through(stream, createGzip({ level: 1 })) : stream;
}
