import { removeUnusedCopies } from "#database/backup/base/copied-files.ts";
import { baseFolder, type ListedBackup, listBackups, type Repository } from "#database/backup/repository.ts";
import {
  listTimeline,
  listTimelines,
  partsFolder,
  timelineFolder,
  type WalArchive,
} from "#database/backup/wal/archive.ts";
import { coverOf, type Part, parsePartKey } from "#database/backup/wal/parts.ts";
import { parseLsn, parseSegmentName } from "#database/backup/wal/positions.ts";
import { isBefore } from "#database/backup/wal/reach.ts";
import { AppError } from "#protocol/errors.ts";
import { findExpired } from "./retention.ts";

export type Expiry = {
  /** ids */
  backups: string[];
  walSegments: number;
  /** parts of WAL segments that are complete by now, or that were merged */
  walParts: number;
  /** copies of files that are in no backup */
  files: number;
};

/**
 * Deletes the backups that are kept no longer, the WAL that only they needed, and parts of the WAL that others replaced.
 * @throws AppError "storage_unavailable", also if the key may not delete
 */
export async function expire(
  repository: Repository,
  archive: WalArchive,
  p: { timeZone: string; now: Date; isDryRun: boolean },
): Promise<Expiry> {
  const remove = (key: string) => (p.isDryRun ? Promise.resolve() : repository.storage.delete(key));
  const { backups, damaged } = await listBackups(repository);
  const expired = findExpired(backups.map(asKept), p.timeZone, p.now).map(({ backup }) => backup);
  for (const { id } of expired) await deleteBackup(repository, id, remove);
  const kept = backups.filter(backup => !expired.includes(backup));
  return {
    backups: expired.map(({ id }) => id),
    walSegments: await deleteWalBefore(archive, kept, remove),
    walParts: await deleteReplacedParts(archive, p.now, remove),
    // A backup that cannot be read may need any of them.
    files: damaged.length > 0 ? 0 : await removeUnusedCopies(repository, kept, { now: p.now, remove }),
  };
}

export const asKept = (backup: ListedBackup) => ({
  backup,
  id: backup.id,
  startedAt: new Date(backup.manifest.startedAt),
  // An attempt that came to no result takes nothing back.
  isVerified: backup.verifications.find(({ outcome }) => outcome !== "inconclusive")?.outcome === "verified",
  keepUntil: backup.manifest.keepUntil ? new Date(backup.manifest.keepUntil) : null,
});

type Remove = (key: string) => Promise<void>;

/** The manifest first: what is deleted in part must not be listed. */
async function deleteBackup(repository: Repository, id: string, remove: Remove): Promise<void> {
  const folder = baseFolder(repository, id);
  await remove(`${folder}backup.json`);
  for await (const { key } of repository.storage.list(folder)) await remove(key);
}

/** @returns how many segments went */
async function deleteWalBefore(archive: WalArchive, kept: ListedBackup[], remove: Remove): Promise<number> {
  const physical = kept.filter(({ manifest }) => manifest.kind === "physical");
  const oldest = physical.toSorted((a, b) => (a.manifest.startedAt < b.manifest.startedAt ? -1 : 1))[0];
  if (!oldest) return 0;
  const { timeline, startLsn, segmentBytes } = oldest.manifest;
  const before = { timeline, start: parseLsn(startLsn), segmentBytes };
  const gone = new Set<string>();
  for (const each of await listTimelines(archive)) {
    const prefix = timelineFolder(archive, each);
    const due: { name: string; key: string }[] = [];
    for await (const { key } of archive.storage.list(prefix)) {
      const name = key
        .slice(prefix.length)
        .replace(/^parts\//, "")
        .slice(0, 24);
      if (parseSegmentName(name, segmentBytes) && isBefore(name, before)) due.push({ name, key });
    }
    // The sums last: a run that is killed must not leave a segment without its sum, which would be damage.
    for (const { name, key } of due.toSorted((a, b) => Number(isSum(a.key)) - Number(isSum(b.key)))) {
      await remove(key);
      gone.add(name);
    }
  }
  return gone.size;
}

const isSum = (key: string) => key.endsWith(".sha256");

/** A restore that reads the parts now has listed them before: those of the last hour stay. */
const partMinAgeMs = 3_600_000;

async function deleteReplacedParts(archive: WalArchive, now: Date, remove: Remove): Promise<number> {
  let count = 0;
  for (const timeline of await listTimelines(archive)) {
    const { segments, partial } = await listTimeline(archive, timeline);
    const complete = new Set(segments);
    for (const segment of partial) {
      const parts: { key: string; part: Part; modifiedAt: Date }[] = [];
      for await (const { key, modifiedAt } of archive.storage.list(partsFolder(archive, segment))) {
        const part = parsePartKey(key);
        if (part) parts.push({ key, part, modifiedAt });
      }
      const needed = new Set(complete.has(segment) ? [] : coverOf(parts.map(({ part }) => part)));
      for (const { key, part, modifiedAt } of parts) {
        if (needed.has(part) || now.getTime() - modifiedAt.getTime() < partMinAgeMs) continue;
        await remove(key);
        count++;
      }
    }
  }
  return count;
}

/** True if the store refused a deletion because of the key's rights. */
export const mayNotDelete = (error: unknown): boolean =>
  error instanceof AppError &&
  error.code === "storage_unavailable" &&
  /403|AccessDenied|not allowed/i.test(error.message);
