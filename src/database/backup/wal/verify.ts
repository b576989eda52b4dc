import { AppError } from "#protocol/errors.ts";
import { listTimeline, readPacked, readSum, segmentKey, sha256, type WalArchive } from "./archive.ts";
import { findPageProblem } from "./pages.ts";
import { readParts } from "./parts.ts";
import { type Lsn, parseSegmentName, segmentName, startOfSegment } from "./positions.ts";

export type WalProblem = { segment: string; problem: string };

export type WalReport = {
  /** segments that were read and are right */
  verified: number;
  /** those that an earlier verification has read; they are still stored */
  known: number;
  problems: WalProblem[];
  /** the last segment up to which the archive has all, complete or in parts; null: not even the first one */
  reaches: string | null;
};

/**
 * Reads every segment of a timeline from a position on to the newest, and compares: sum, cluster, timeline and the address of
 * each page. Missing ones are named.
 * @param p.from  such as the start of a base backup
 * @param p.known  the last segment that an earlier verification has read: up to it, they only have to be there
 * @param p.onSegment  called after each
 */
export async function verifyWal(
  archive: WalArchive,
  p: {
    timeline: number;
    from: Lsn;
    systemIdentifier: string;
    segmentBytes: number;
    known?: string | null;
    onSegment?: (done: number, all: number) => void;
  },
): Promise<WalReport> {
  const { names, complete } = await listExpected(archive, p);
  const report: WalReport = { verified: 0, known: 0, problems: [], reaches: null };
  for (const [index, segment] of names.entries()) {
    const isNewest = index === names.length - 1;
    const isKnown = complete.has(segment) && segment <= (p.known ?? "");
    const minBytes = isNewest ? 0 : p.segmentBytes;
    const problem = isKnown ? null : await findSegmentProblem(archive, segment, { ...p, minBytes });
    if (problem) report.problems.push({ segment, problem });
    else if (isKnown) report.known++;
    else report.verified++;
    if (report.problems.length === 0) report.reaches = segment;
    p.onSegment?.(index + 1, names.length);
  }
  return report;
}

/**
 * All names from the first needed segment to the newest that is stored. A sum is stored before its segment: the newest may have
 * nothing else yet.
 */
async function listExpected(
  archive: WalArchive,
  p: { timeline: number; from: Lsn; segmentBytes: number; known?: string | null },
): Promise<{ names: string[]; complete: Set<string> }> {
  const first = startOfSegment(p.from, p.segmentBytes);
  const firstName = segmentName(p.timeline, first, p.segmentBytes);
  const { segments, sums, partial } = await listTimeline(archive, p.timeline, firstName);
  const knownSums = [...sums].filter(name => name <= (p.known ?? ""));
  const newest = [firstName, ...segments, ...knownSums, ...partial].sort().at(-1)!;
  const names: string[] = [];
  for (let start = first; names.at(-1) !== newest; start += BigInt(p.segmentBytes))
    names.push(segmentName(p.timeline, start, p.segmentBytes));
  return { names, complete: new Set(segments) };
}

/** @throws AppError "storage_unavailable": then nothing is known about it */
async function findSegmentProblem(
  archive: WalArchive,
  segment: string,
  p: { systemIdentifier: string; segmentBytes: number; minBytes: number },
): Promise<string | null> {
  try {
    const { bytes, sum } = await readSegment(archive, segment);
    if (bytes.length === 0) return "it is missing";
    if (bytes.length < p.minBytes) return `only its first ${bytes.length} bytes are stored`;
    if (sum !== null && sha256(bytes) !== sum) return "its SHA-256 is another one than when it was stored";
    return findPageProblem(bytes, { ...p, ...parseSegmentName(segment, p.segmentBytes)! });
  } catch (error) {
    if (error instanceof AppError && error.code !== "storage_unavailable") return error.message;
    throw error;
  }
}

async function readSegment(archive: WalArchive, segment: string): Promise<{ bytes: Buffer; sum: string | null }> {
  const key = segmentKey(archive, segment);
  if (!(await archive.storage.head(key))) return { bytes: await readParts(archive, segment), sum: null };
  const [bytes, sum] = await Promise.all([readPacked(archive, key), readSum(archive, segment)]);
  if (sum === null) throw new AppError("backup_damaged", "its sum is missing");
  return { bytes, sum };
}
