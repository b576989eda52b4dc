import { type BackupKeys, createCipher } from "#database/backup/base/encryption.ts";
import { type ListedBackup, walFolder } from "#database/backup/repository.ts";
import { listTimeline } from "#database/backup/wal/archive.ts";
import { serveWal, type WalServer } from "#database/backup/wal/serve.ts";

/** The WAL that was kept since a backup. */
export type KeptWal = WalServer & {
  /** the newest segment of the backup's timeline, complete or not; null: none was kept */
  newest: string | null;
};

/** Serves it to a PostgreSQL that recovers. The caller closes it. */
export async function openKeptWal({ repository, manifest }: ListedBackup, keys: BackupKeys): Promise<KeptWal> {
  const cipher = manifest.encryption ? createCipher(keys) : null;
  const archive = { storage: repository.storage, folder: walFolder(repository), cipher };
  const { segments, partial } = await listTimeline(archive, manifest.timeline);
  const newest = [...segments, ...partial].sort().at(-1) ?? null;
  return { ...(await serveWal(archive, manifest)), newest };
}
