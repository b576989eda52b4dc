import { once } from "node:events";
import { finished } from "node:stream/promises";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { type Random, writeId } from "./random.ts";

/** The fields of rows in the binary format of COPY (PostgreSQL's manual, COPY, "Binary Format"); why: docs/decisions/0010. */
export type RowWriter = {
  /** null */
  absent(): void;
  boolean(value: boolean): void;
  int16(value: number): void;
  int32(value: number): void;
  /** a moment in whole ms since 1970 */
  moment(timeMs: number): void;
  /** a new UUIDv7 that begins with a moment */
  newUuid(timeMs: number, random: Random): void;
  text(value: string): void;
  /** as they are: a UUID, a text in UTF-8, an enum's label, or JSON after the byte that jsonb begins with */
  bytes(source: Buffer, start?: number, end?: number): void;
};

/** Writes a field, or null. */
export function orNull<Value>(row: RowWriter, write: (value: Value) => void, value: Value | null): void {
  if (value === null) row.absent();
  else write.call(row, value);
}

const chunkBytes = 256 * 1024;
/** The 10,000 characters of a message take at most 40,000 bytes. */
const maxRowBytes = 64 * 1024;
const signature = Buffer.from("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", "latin1");
/** PostgreSQL counts from the year 2000. */
const epochMs = 946_684_800_000;

/**
 * Copies rows into a table.
 * @param writeRow  writes one row's fields in the columns' order; returns false if no row is left
 * @param onChunk  called between the chunks that are sent; an error that it throws ends the copy and undoes it
 */
export async function copyRows(
  client: pg.ClientBase,
  { table, columns, onChunk }: { table: string; columns: readonly string[]; onChunk?: () => void },
  writeRow: (row: RowWriter) => boolean,
): Promise<void> {
  const stream = client.query(copyFrom(`copy ${table} (${columns.join(", ")}) from stdin (format binary)`));
  const done = finished(stream);
  done.catch(() => {}); // handled below
  try {
    const rows = new RowBuffer(columns.length);
    while (rows.add(writeRow)) {
      if (!rows.isFull()) continue;
      onChunk?.();
      const sent = stream.write(rows.take());
      if (!sent) await Promise.race([once(stream, "drain"), done]);
    }
    stream.end(rows.finish());
  } catch (error) {
    stream.destroy(error as Error);
    await done.catch(() => {});
    throw error;
  }
  await done;
}

class RowBuffer implements RowWriter {
  readonly #columnCount: number;
  #buffer = Buffer.allocUnsafe(chunkBytes + maxRowBytes);
  #at = signature.copy(this.#buffer, 0);

  constructor(columnCount: number) {
    this.#columnCount = columnCount;
  }

  /** @returns false, and adds nothing, if no row is left */
  add(writeRow: (row: RowWriter) => boolean): boolean {
    const before = this.#at;
    this.#at = this.#buffer.writeInt16BE(this.#columnCount, this.#at);
    if (writeRow(this)) return true;
    this.#at = before;
    return false;
  }

  isFull(): boolean {
    return this.#at >= chunkBytes;
  }

  /** @returns all that was added since the last call; further rows go into a new buffer, as the stream still holds this one */
  take(): Buffer {
    const taken = this.#buffer.subarray(0, this.#at);
    this.#buffer = Buffer.allocUnsafe(this.#buffer.length);
    this.#at = 0;
    return taken;
  }

  finish(): Buffer {
    this.#at = this.#buffer.writeInt16BE(-1, this.#at);
    return this.take();
  }

  absent(): void {
    this.#writeSize(-1);
  }

  boolean(value: boolean): void {
    this.#writeSize(1);
    this.#at = this.#buffer.writeUInt8(Number(value), this.#at);
  }

  int16(value: number): void {
    this.#writeSize(2);
    this.#at = this.#buffer.writeInt16BE(value, this.#at);
  }

  int32(value: number): void {
    this.#writeSize(4);
    this.#at = this.#buffer.writeInt32BE(value, this.#at);
  }

  moment(timeMs: number): void {
    const microseconds = (timeMs - epochMs) * 1000;
    this.#writeSize(8);
    this.#at = this.#buffer.writeInt32BE(Math.floor(microseconds / 2 ** 32), this.#at);
    this.#at = this.#buffer.writeUInt32BE(microseconds >>> 0, this.#at);
  }

  newUuid(timeMs: number, random: Random): void {
    this.#writeSize(16);
    writeId(this.#buffer, this.#at, timeMs, random);
    this.#at += 16;
  }

  text(value: string): void {
    const length = this.#buffer.write(value, this.#at + 4);
    this.#writeSize(length);
    this.#at += length;
  }

  bytes(source: Buffer, start = 0, end = source.length): void {
    this.#writeSize(end - start);
    this.#at += source.copy(this.#buffer, this.#at, start, end);
  }

  /** The length that precedes each field. */
  #writeSize(bytes: number): void {
    this.#at = this.#buffer.writeInt32BE(bytes, this.#at);
  }
}
