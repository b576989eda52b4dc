import type pg from "pg";
import { createCipher, readBackupKeys } from "#database/backup/base/encryption.ts";
import {
  findRepository,
  listBackups,
  type Repository,
  registerRepository,
  walFolder,
} from "#database/backup/repository.ts";
import type { WalArchive } from "#database/backup/wal/archive.ts";
import { type Archiving, startArchiving } from "#database/backup/wal/archiving.ts";
import { slotOf } from "#database/backup/wal/heartbeat.ts";
import { parseLsn } from "#database/backup/wal/positions.ts";
import type { Gap } from "#database/backup/wal/receiver.ts";
import type { Config } from "#platform/config.ts";
import type { Log } from "#platform/log.ts";
import { openStorage } from "#platform/storage/open-storage.ts";
import { requestRun } from "./runs.ts";

/** The backups of the database that a pool is connected to. */
export type Backups = { repository: Repository; archive: WalArchive };

/**
 * Without a word of the operator, backups are made if they leave the machine. In the data folder they would be lost with it,
 * and the WAL of five weeks could fill its disk: that is for the operator to choose.
 */
export const areBackupsOn = ({ backups, s3 }: Pick<Config, "backups" | "s3">): boolean =>
  backups === null ? s3 !== null : backups === "on";

/** Asks the store nothing: it may be away. */
export async function openBackups(config: Config, pool: Pick<pg.Pool, "query">): Promise<Backups> {
  const repository = await findRepository(openStorage(config), pool);
  const keys = await readBackupKeys(config.backupKey);
  const cipher = keys.recipients.length > 0 ? createCipher(keys) : null;
  return { repository, archive: { storage: repository.storage, folder: walFolder(repository), cipher } };
}

/** Archives the WAL until it is stopped. @param p.url  of a direct connection, by a role that may replicate */
export async function archiveWal(
  { repository, archive }: Backups,
  { url, pool, log }: { url: string; pool: pg.Pool; log: Log },
): Promise<Archiving> {
  return startArchiving({
    url,
    pool,
    archive,
    slot: await slotOf(pool),
    log,
    prepare: () => registerRepository(repository),
    onGap: gap => requestAfterGap(pool, repository, gap),
  });
}

/** Backups from before the gap cannot be restored to a time after it. A newer one may have been made already. */
async function requestAfterGap(pool: pg.Pool, repository: Repository, { to }: Gap): Promise<void> {
  const { backups } = await listBackups(repository);
  if (backups.some(({ manifest }) => parseLsn(manifest.startLsn) >= parseLsn(to))) return;
  await requestRun(pool, { repository: repository.name, kind: "backup", reason: "gap", by: null });
}
