import { type BackupKeys, createCipher } from "#database/backup/base/encryption.ts";
import { type ListedBackup, walFolder } from "#database/backup/repository.ts";
import { listTimeline, type WalArchive } from "#database/backup/wal/archive.ts";
import { parseLsn, segmentName, startOfSegment } from "#database/backup/wal/positions.ts";
import { serveWal, type WalServer } from "#database/backup/wal/serve.ts";
import { verifyWal, type WalReport } from "#database/backup/wal/verify.ts";

/** The WAL that was kept since a backup. */
export type KeptWal = WalServer & {
  /** the newest segment of the backup's timeline, complete or not; null: none was kept */
  newest: string | null;
};

/** Serves it to a PostgreSQL that recovers. The caller closes it. */
export async function openKeptWal(backup: ListedBackup, keys: BackupKeys): Promise<KeptWal> {
  const archive = archiveOf(backup, keys);
  return { ...(await serveWal(archive, backup.manifest)), newest: await findNewest(archive, backup) };
}

/** Reads it all, from the backup's start on, and compares. @returns null if none was kept since then */
export async function verifyKeptWal(
  backup: ListedBackup,
  keys: BackupKeys,
  onSegment?: (done: number, all: number) => void,
): Promise<WalReport | null> {
  const archive = archiveOf(backup, keys);
  const { timeline, startLsn, systemIdentifier, segmentBytes } = backup.manifest;
  const from = parseLsn(startLsn);
  const first = segmentName(timeline, startOfSegment(from, segmentBytes), segmentBytes);
  const newest = await findNewest(archive, backup);
  if (!newest || newest < first) return null;
  return verifyWal(archive, { timeline, from, systemIdentifier, segmentBytes, ...(onSegment && { onSegment }) });
}

function archiveOf({ repository, manifest }: ListedBackup, keys: BackupKeys): WalArchive {
  const cipher = manifest.encryption ? createCipher(keys) : null;
  return { storage: repository.storage, folder: walFolder(repository), cipher };
}

async function findNewest(archive: WalArchive, { manifest }: ListedBackup): Promise<string | null> {
  const { segments, partial } = await listTimeline(archive, manifest.timeline);
  return [...segments, ...partial].sort().at(-1) ?? null;
}
