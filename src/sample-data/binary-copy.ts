import { once } from "node:events";
import { finished } from "node:stream/promises";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { type Random, writeId } from "./random.ts";

/** The fields of rows in the binary format of COPY (PostgreSQL's manual, COPY, "Binary Format"); why: docs/decisions/0010. */
export type RowWriter = {
  /** null */
  absent(): void;
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

/** Writes a field by one of the row's functions, or its absence. */
export function orNull<Value>(row: RowWriter, write: (value: Value) => void, value: Value | null): void {
  if (value === null) row.absent();
  else write(value);
}

const chunkBytes = 256 * 1024;
/** No row is longer: a message's 10,000 characters take 40,000 bytes at most. */
const longestRowBytes = 64 * 1024;
const signature = Buffer.from("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", "latin1");
/** The year 2000, from which PostgreSQL counts. */
const epochMs = 946_684_800_000;

/**
 * Copies rows into a table.
 * @param writeRow  writes one row's fields in the columns' order; false when there is none left
 * @param onChunk  called between the chunks that are sent; what it throws ends the copy, and nothing of it stays
 */
export async function copyRows(
  client: pg.ClientBase,
  { table, columns, onChunk }: { table: string; columns: readonly string[]; onChunk?: () => void },
  writeRow: (row: RowWriter) => boolean,
): Promise<void> {
  const stream = client.query(copyFrom(`copy ${table} (${columns.join(", ")}) from stdin (format binary)`));
  const done = finished(stream);
  done.catch(() => {}); // told by whoever waits for it below
  try {
    const chunk = createChunk(columns.length);
    chunk.start();
    while (chunk.add(writeRow)) {
      if (!chunk.isFull()) continue;
      onChunk?.();
      const sent = stream.write(chunk.take());
      if (!sent) await Promise.race([once(stream, "drain"), done]);
    }
    stream.end(chunk.finish());
  } catch (error) {
    stream.destroy(error as Error);
    await done.catch(() => {});
    throw error;
  }
  await done;
}

function createChunk(columnCount: number) {
  let buffer = Buffer.allocUnsafe(chunkBytes + longestRowBytes);
  let at = 0;

  /** Writes the length that stands before each field. */
  function size(bytes: number): void {
    at = buffer.writeInt32BE(bytes, at);
  }
  const row: RowWriter = {
    absent: () => size(-1),
    int16(value) {
      size(2);
      at = buffer.writeInt16BE(value, at);
    },
    int32(value) {
      size(4);
      at = buffer.writeInt32BE(value, at);
    },
    moment(timeMs) {
      const microseconds = (timeMs - epochMs) * 1000;
      size(8);
      at = buffer.writeInt32BE(Math.floor(microseconds / 2 ** 32), at);
      at = buffer.writeUInt32BE(microseconds >>> 0, at);
    },
    newUuid(timeMs, random) {
      size(16);
      writeId(buffer, at, timeMs, random);
      at += 16;
    },
    text(value) {
      const length = buffer.write(value, at + 4);
      size(length);
      at += length;
    },
    bytes(source, start = 0, end = source.length) {
      size(end - start);
      at += source.copy(buffer, at, start, end);
    },
  };

  return {
    start() {
      at = signature.copy(buffer, 0);
    },
    /** @returns false, and adds nothing, when there was no row left */
    add(writeRow: (row: RowWriter) => boolean): boolean {
      const before = at;
      at = buffer.writeInt16BE(columnCount, at);
      if (writeRow(row)) return true;
      at = before;
      return false;
    },
    isFull: () => at >= chunkBytes,
    /** What was added so far; what follows goes into a new one, as the stream still holds this. */
    take(): Buffer {
      const taken = buffer.subarray(0, at);
      buffer = Buffer.allocUnsafe(buffer.length);
      at = 0;
      return taken;
    },
    finish(): Buffer {
      at = buffer.writeInt16BE(-1, at);
      return buffer.subarray(0, at);
    },
  };
}
