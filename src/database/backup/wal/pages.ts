import { formatLsn, type Lsn } from "./positions.ts";

/** Of PostgreSQL's default build, and of all packages that are known. */
export const pageBytes = 8192;
const shortHeaderBytes = 24;
/** of the first page of a segment */
const longHeaderBytes = 40;

export type SegmentIdentity = { timeline: number; start: Lsn; segmentBytes: number; systemIdentifier: string };

/**
 * Compares the header of each page with the segment's name: finds segments that were swapped, renamed or are another
 * cluster's. Fields: XLogPageHeaderData in PostgreSQL's access/xlog_internal.h, in the byte order of x86 and ARM.
 * @param bytes  from the start of the segment; its last page may be cut
 * @returns what is wrong, or null
 */
export function findPageProblem(bytes: Buffer, expected: SegmentIdentity): string | null {
  for (let at = 0; at + longHeaderBytes <= bytes.length; at += pageBytes) {
    const timeline = bytes.readUInt32LE(at + 4);
    const address = bytes.readBigUInt64LE(at + 8);
    // After pg_switch_wal(), which ends each base backup, the rest of a segment is zeros.
    if (at > 0 && address === 0n && isZero(bytes.subarray(at))) break;
    if (address !== expected.start + BigInt(at)) {
      return `the page at byte ${at} is the one of ${formatLsn(address)}, not of ${formatLsn(expected.start + BigInt(at))}`;
    }
    // The first segment of a timeline begins with a copy of the pages of the one before.
    if (timeline === 0 || timeline > expected.timeline)
      return `the page at byte ${at} is of timeline ${timeline}, not of ${expected.timeline}`;
  }
  if (bytes.length < longHeaderBytes) return null;
  const system = bytes.readBigUInt64LE(24).toString();
  if (system !== expected.systemIdentifier)
    return `it is of the cluster ${system}, not of ${expected.systemIdentifier}`;
  const segmentBytes = bytes.readUInt32LE(32);
  return segmentBytes === expected.segmentBytes ? null : `its segments have ${segmentBytes} bytes`;
}

const zeros = Buffer.alloc(pageBytes);

function isZero(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at += pageBytes) {
    const page = bytes.subarray(at, at + pageBytes);
    if (!page.equals(zeros.subarray(0, page.length))) return false;
  }
  return true;
}

/** The records of a range of whole pages, without the pages' headers that cut through them. */
export function withoutHeaders(bytes: Buffer): Buffer {
  const pages: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pageBytes) {
    const isLong = at + 4 <= bytes.length && (bytes.readUInt16LE(at + 2) & 2) !== 0;
    pages.push(bytes.subarray(at + (isLong ? longHeaderBytes : shortHeaderBytes), at + pageBytes));
  }
  return Buffer.concat(pages);
}
