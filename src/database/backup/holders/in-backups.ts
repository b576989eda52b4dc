import type pg from "pg";
import { type DamagedBackup, type ListedBackup, listBackups, listRepositories } from "#database/backup/repository.ts";
import { findEnds } from "#database/backup/schedule/ends.ts";
import { asKept } from "#database/backup/schedule/expire.ts";
import { areBackupsOn, openBackups } from "#database/backup/schedule/open.ts";
import type { Config } from "#platform/config.ts";

/** A backup that can be restored, and until when. */
export type DatedBackup = {
  backup: ListedBackup;
  startedAt: Date;
  /** when the schedule deletes it; null: nothing does, so it stays until somebody deletes it */
  until: Date | null;
};

export type StoredBackups = {
  backups: DatedBackup[];
  damaged: DamagedBackup[];
  /** true: the store keeps also what the schedule deletes, for as long as its own rules say */
  keepsVersions: boolean;
};

/**
 * The backups of this cluster in the store. Those of before a restore are in another repository, which no schedule expires.
 * The store keeps the WAL as long as its oldest backup, so what is true of a backup is true of the WAL that it needs.
 * @throws AppError "storage_unavailable"
 */
export async function listStoredBackups(
  config: Config,
  pool: Pick<pg.Pool, "query">,
  now: Date,
): Promise<StoredBackups> {
  const { repository: own } = await openBackups(config, pool);
  const daily = { time: config.backupTime, timeZone: config.backupTimeZone };
  const identifierOf = ({ name }: { name: string }) => name.split("-")[0];
  const found: StoredBackups = { backups: [], damaged: [], keepsVersions: false };
  for (const repository of await listRepositories(own.storage)) {
    if (identifierOf(repository) !== identifierOf(own)) continue;
    const { backups, damaged } = await listBackups(repository);
    const isExpired = repository.name === own.name && areBackupsOn(config);
    const ends = isExpired ? findEnds(backups.map(asKept), daily, now) : null;
    for (const backup of backups) {
      const startedAt = new Date(backup.manifest.startedAt);
      found.backups.push({ backup, startedAt, until: ends?.get(backup.id) ?? null });
    }
    found.damaged.push(...damaged);
  }
  if (found.backups.length > 0) found.keepsVersions = await own.storage.keepsVersions();
  return found;
}

/** What the receipt of an erasure says of backups: how many were begun before it, and when the last of them goes. */
export function heldInBackups(
  backups: DatedBackup[],
  erasedAt: Date,
): { inBackups: number; inBackupsUntil: Date | null } {
  const holding = backups.filter(({ startedAt }) => startedAt < erasedAt);
  const ends = holding.map(({ until }) => until?.getTime() ?? Number.POSITIVE_INFINITY);
  const last = Math.max(...ends);
  return { inBackups: holding.length, inBackupsUntil: Number.isFinite(last) ? new Date(last) : null };
}
