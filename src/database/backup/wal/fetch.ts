import { open, rename, rm } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { AppError } from "#protocol/errors.ts";
import { historyKey, readPacked, readSum, segmentKey, sha256, type WalArchive } from "./archive.ts";
import { findPageProblem } from "./pages.ts";
import { readParts } from "./parts.ts";
import { isSegmentName, parseSegmentName } from "./positions.ts";

/**
 * Writes a WAL file to `path`, as a restore_command does: a complete segment, what there is of the newest one (the rest is
 * zeros), or a timeline's history. It is written whole or not at all.
 * @param p.name  as PostgreSQL asks for it (%f)
 * @returns false if the archive does not have it: where recovery ends
 * @throws AppError "storage_unavailable", or "backup_damaged": recovery must not end there
 */
export async function fetchSegment(
  archive: WalArchive,
  p: { name: string; path: string; systemIdentifier: string; segmentBytes: number },
): Promise<boolean> {
  const bytes = await readWalFile(archive, p);
  if (!bytes) return false;
  const unfinished = `${p.path}.unfinished`;
  const file = await open(unfinished, "w", 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
    await file.close();
    await rename(unfinished, p.path);
  } catch (error) {
    await file.close().catch(() => {});
    await rm(unfinished, { force: true });
    throw error;
  }
  return true;
}

/** As fetchSegment(). @returns null if the archive does not have it */
export async function readWalFile(
  archive: WalArchive,
  p: { name: string; systemIdentifier: string; segmentBytes: number },
): Promise<Buffer | null> {
  if (/^[0-9A-F]{8}\.history$/.test(p.name)) return findHistory(archive, Number.parseInt(p.name.slice(0, 8), 16));
  if (!isSegmentName(p.name)) return null; // PostgreSQL also asks for files that only other archives have
  const sum = await readSum(archive, p.name);
  const isComplete = sum !== null && (await archive.storage.head(segmentKey(archive, p.name))) !== null;
  const bytes = isComplete ? await readPacked(archive, segmentKey(archive, p.name)) : await readParts(archive, p.name);
  if (bytes.length === 0) return null;
  const identity = { ...p, ...parseSegmentName(p.name, p.segmentBytes)! };
  const problem = isComplete && sha256(bytes) !== sum ? "its SHA-256 is another one" : findPageProblem(bytes, identity);
  if (problem) throw damaged(p.name, problem);
  return Buffer.concat([bytes, Buffer.alloc(p.segmentBytes - bytes.length)]);
}

async function findHistory({ storage, ...archive }: WalArchive, timeline: number): Promise<Buffer | null> {
  const key = historyKey({ storage, ...archive }, timeline);
  return (await storage.head(key)) ? buffer(await storage.get(key)) : null;
}

const damaged = (name: string, problem: string) =>
  new AppError(
    "backup_damaged",
    `The WAL segment ${name} in the archive is damaged: ${problem}. Restore to a time before it, or from a backup after it.`,
  );
