import { pageBytes, withoutHeaders } from "./pages.ts";

/** The prefix of the logical messages by which a heartbeat is found in the WAL. */
export const heartbeatPrefix = "prochat.heartbeat";

const marker = Buffer.from(`${heartbeatPrefix}\0`);
/** 2026-11-29T13:00:00.000Z */
const timeBytes = 24;

/** Sizes of XLogRecord and of xl_logical_message, see PostgreSQL's access/xlogrecord.h and replication/message.h. */
const recordHeaderBytes = 24;
const messageHeaderBytes = 24;
const logicalMessageManager = 21;
const shortDataBlock = 255;

/**
 * The time of the newest heartbeat in a range of the WAL. Texts of people cannot be taken for one: a text of PostgreSQL holds
 * no NUL, and the record around it is checked.
 * @param bytes  from the start of a page
 */
export function findNewestHeartbeat(bytes: Buffer): Date | null {
  const records = withoutHeaders(bytes);
  for (let at = records.lastIndexOf(marker); at >= 0; at = records.lastIndexOf(marker, at - 1)) {
    const text = records.toString("latin1", at + marker.length, at + marker.length + timeBytes);
    if (isHeartbeat(records, at) && !Number.isNaN(Date.parse(text))) return new Date(text);
    if (at === 0) break;
  }
  return null;
}

/** @param at  of the prefix */
function isHeartbeat(records: Buffer, at: number): boolean {
  const message = at - messageHeaderBytes;
  const record = message - 2 - recordHeaderBytes;
  return (
    record >= 0 &&
    records[record + 17] === logicalMessageManager &&
    records[message - 2] === shortDataBlock &&
    records.readBigUInt64LE(message + 8) === BigInt(marker.length) &&
    records.readBigUInt64LE(message + 16) === BigInt(timeBytes)
  );
}

/** Where to begin, so that a heartbeat that ends in the range is found whole. */
export const searchFrom = (from: number) => Math.max(0, from - (from % pageBytes) - pageBytes);
