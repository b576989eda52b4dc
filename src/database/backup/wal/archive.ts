import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { constants, zstdCompress, zstdDecompress } from "node:zlib";
import type { Storage } from "#platform/storage/storage.ts";
import { AppError } from "#protocol/errors.ts";
import type { WalCipher } from "./cipher.ts";
import { isSegmentName, timelineName } from "./positions.ts";

/**
 * The WAL of a repository:
 *
 *     <timeline>/<segment>.zst                                 a complete segment
 *     <timeline>/<segment>.sha256                              of the plain segment, as sha256sum writes it; stored before it
 *     <timeline>/<timeline>.history                            where the timeline begins, as PostgreSQL wrote it
 *     <timeline>/parts/<segment>/<from>-<until>-<level>.zst    bytes of a segment that is not complete yet: see parts.ts
 *
 * With encryption, names that end in .zst end in .zst.age instead.
 */
export type WalArchive = {
  storage: Storage;
  /** ends with a slash: walFolder() of repository.ts */
  folder: string;
  /** null: nothing is encrypted */
  cipher: WalCipher | null;
};

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** One frame a file and with a checksum: Node reads only the first frame, and without a checksum it misses a flipped bit. */
const zstdOptions = { params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 } };

export const timelineFolder = ({ folder }: WalArchive, timeline: number) => `${folder}${timelineName(timeline)}/`;

const folderOf = (archive: WalArchive, segment: string) =>
  timelineFolder(archive, Number.parseInt(segment.slice(0, 8), 16));

const endingOf = ({ cipher }: WalArchive) => (cipher ? ".zst.age" : ".zst");

export const segmentKey = (archive: WalArchive, segment: string) =>
  `${folderOf(archive, segment)}${segment}${endingOf(archive)}`;

export const sumKey = (archive: WalArchive, segment: string) => `${folderOf(archive, segment)}${segment}.sha256`;

export const historyKey = (archive: WalArchive, timeline: number) =>
  `${timelineFolder(archive, timeline)}${timelineName(timeline)}.history`;

export const partsFolder = (archive: WalArchive, segment: string) => `${folderOf(archive, segment)}parts/${segment}/`;

export const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

/** Stores bytes and reads them back. @throws AppError "storage_unavailable", also if other bytes come back */
export async function storePacked(archive: WalArchive, key: string, plain: Buffer): Promise<void> {
  const packed = await pack(archive, plain);
  await archive.storage.put(key, packed);
  if ((await read(archive, key)).equals(packed)) return;
  throw new AppError(
    "storage_unavailable",
    `${archive.storage.description} does not give back what was stored in it: ${key}. Check its disks.`,
  );
}

export async function pack({ cipher }: WalArchive, plain: Buffer): Promise<Buffer> {
  const packed = await compress(plain, zstdOptions);
  return cipher ? cipher.encrypt(packed) : packed;
}

/**
 * Reads and unpacks an object.
 * @throws AppError "not_found", "storage_unavailable", or "backup_damaged" if its bytes have changed or the key is wrong
 */
export async function readPacked(archive: WalArchive, key: string): Promise<Buffer> {
  const packed = await read(archive, key);
  try {
    return await decompress(archive.cipher ? await archive.cipher.decrypt(packed) : packed);
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new AppError("backup_damaged", `${key} of the WAL cannot be unpacked: ${reason}.`, { cause });
  }
}

const read = async ({ storage }: WalArchive, key: string) => buffer(await storage.get(key));

/**
 * Stores a complete segment, its sum first. One that is there already must be the same.
 * @throws AppError "backup_failed" if another one is there: the cluster's files were set back, or two clusters share a place
 */
export async function storeSegment(archive: WalArchive, segment: string, plain: Buffer): Promise<void> {
  const sum = sha256(plain);
  const stored = await readSum(archive, segment);
  if (stored !== null && stored !== sum) throw otherHistory(archive, segment);
  if (stored === null) await archive.storage.put(sumKey(archive, segment), Buffer.from(`${sum}  ${segment}\n`));
  if (stored !== null && (await isWhole(archive, segment, sum))) return;
  await storePacked(archive, segmentKey(archive, segment), plain);
}

/** A kill between storing and reading back may have left anything. */
const isWhole = (archive: WalArchive, segment: string, sum: string): Promise<boolean> =>
  readPacked(archive, segmentKey(archive, segment)).then(
    plain => sha256(plain) === sum,
    error => {
      if (error instanceof AppError && error.code !== "storage_unavailable") return false;
      throw error;
    },
  );

/** The SHA-256 of a plain segment; null: it was never complete. */
export async function readSum(archive: WalArchive, segment: string): Promise<string | null> {
  if (!(await archive.storage.head(sumKey(archive, segment)))) return null;
  return (await read(archive, sumKey(archive, segment))).toString("latin1").slice(0, 64);
}

export const otherHistory = ({ storage }: WalArchive, segment: string) =>
  new AppError(
    "backup_failed",
    `${storage.description} holds another WAL segment ${segment} than the one of this database. The database's files were ` +
      "replaced by an older copy, or two copies of it archive to one place. Use prochat restore for copies.",
  );

export type StoredSegments = {
  /** complete ones, in order */
  segments: string[];
  /** that have a sum */
  sums: Set<string>;
  /** those of which there are parts */
  partial: Set<string>;
};

/** Lists what is stored of a timeline. @param from  a segment: those before it are left out */
export async function listTimeline(archive: WalArchive, timeline: number, from = ""): Promise<StoredSegments> {
  const prefix = timelineFolder(archive, timeline);
  const found: StoredSegments = { segments: [], sums: new Set(), partial: new Set() };
  for await (const { key } of archive.storage.list(prefix)) {
    const [first = "", second = ""] = key.slice(prefix.length).split("/");
    const name = first === "parts" ? second : first.slice(0, 24);
    if (!isSegmentName(name) || name < from) continue;
    if (first === "parts") found.partial.add(name);
    else if (first.endsWith(".sha256")) found.sums.add(name);
    else found.segments.push(name);
  }
  return found;
}

/** The timelines of which something is stored, in order. */
export async function listTimelines(archive: WalArchive): Promise<number[]> {
  const found = new Set<number>();
  for await (const { key } of archive.storage.list(archive.folder))
    found.add(Number.parseInt(key.slice(archive.folder.length).split("/", 1)[0]!, 16));
  return [...found].sort((a, b) => a - b);
}
