import { type BackupKeys, createCipher } from "#database/backup/base/encryption.ts";
import { type ListedBackup, listBackups, walFolder, writeVerification } from "#database/backup/repository.ts";
import { listTimeline, type WalArchive } from "#database/backup/wal/archive.ts";
import { parseLsn, parseSegmentName, segmentName, startOfSegment } from "#database/backup/wal/positions.ts";
import { serveWal, type WalServer } from "#database/backup/wal/serve.ts";
import { verifyWal, type WalReport } from "#database/backup/wal/verify.ts";
import { programVersion } from "#platform/version.ts";

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

/**
 * Reads what was kept since a backup and compares, and stores the result with the backup. What an earlier verification has read
 * must be there, and is not read again.
 * @param p.isAll  true: it is
 * @returns null if nothing was kept since then
 * @throws AppError "storage_unavailable": then nothing is known, and nothing is stored
 */
export async function verifyKeptWal(
  backup: ListedBackup,
  keys: BackupKeys,
  p: { isAll?: boolean; onSegment?: (done: number, all: number) => void } = {},
): Promise<WalReport | null> {
  const startedAt = Date.now();
  const archive = archiveOf(backup, keys);
  const { timeline, startLsn, systemIdentifier, segmentBytes } = backup.manifest;
  const from = parseLsn(startLsn);
  const first = segmentName(timeline, startOfSegment(from, segmentBytes), segmentBytes);
  const newest = await findNewest(archive, backup);
  if (!newest || newest < first) return null;
  const known = p.isAll ? null : findKnown((await listBackups(backup.repository)).backups, backup);
  const report = await verifyWal(archive, { timeline, from, systemIdentifier, segmentBytes, ...p, known });
  const [problem] = report.problems;
  await writeVerification(backup.repository, backup.id, {
    by: "wal",
    outcome: problem ? "failed" : "verified",
    reason: problem ? `${problem.segment}: ${problem.problem}` : null,
    at: new Date().toISOString(),
    seconds: (Date.now() - startedAt) / 1000,
    programVersion,
    reaches: await findLastComplete(archive, timeline, report.reaches),
  });
  return report;
}

/**
 * The last segment up to which verifications have read all since a backup. Each is stored with the backup that it began at, so
 * several make a chain.
 */
export function findKnown(backups: ListedBackup[], { manifest }: ListedBackup): string | null {
  const { timeline, segmentBytes } = manifest;
  const startOf = (each: ListedBackup) => startOfSegment(parseLsn(each.manifest.startLsn), segmentBytes);
  let end = startOf({ manifest } as ListedBackup);
  let known: string | null = null;
  for (const each of backups.toSorted((a, b) => (startOf(a) < startOf(b) ? -1 : 1))) {
    const { walVerification: wal } = each;
    if (each.manifest.timeline !== timeline || !wal?.reaches || startOf(each) > end) continue;
    const reached = parseSegmentName(wal.reaches, segmentBytes)!.start + BigInt(segmentBytes);
    if (reached <= end) continue;
    end = reached;
    known = wal.reaches;
  }
  return known;
}

/** What there is of the newest segment changes. */
async function findLastComplete(archive: WalArchive, timeline: number, reaches: string | null): Promise<string | null> {
  if (reaches === null) return null;
  const { segments } = await listTimeline(archive, timeline);
  return segments.filter(segment => segment <= reaches).at(-1) ?? null;
}

function archiveOf({ repository, manifest }: ListedBackup, keys: BackupKeys): WalArchive {
  const cipher = manifest.encryption ? createCipher(keys) : null;
  return { storage: repository.storage, folder: walFolder(repository), cipher };
}

async function findNewest(archive: WalArchive, { manifest }: ListedBackup): Promise<string | null> {
  const { segments, partial } = await listTimeline(archive, manifest.timeline);
  return [...segments, ...partial].sort().at(-1) ?? null;
}
