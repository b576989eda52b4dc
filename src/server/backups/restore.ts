import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { compareWithBackup } from "#database/backup/base/fingerprints.ts";
import { type ListedBackup, newId } from "#database/backup/repository.ts";
import { type BroughtFiles, bringFiles, bringLedger } from "#database/backup/restore/bring-files.ts";
import type { KeptWal } from "#database/backup/restore/kept-wal.ts";
import { type RecoveryTarget, requireMajor, startRecovery } from "#database/backup/restore/recover.ts";
import { startLoaded } from "#database/backup/restore/start-loaded.ts";
import { unpackBackup } from "#database/backup/restore/unpack.ts";
import { parseLsn, parseSegmentName } from "#database/backup/wal/positions.ts";
import { askDirectly } from "#database/direct-connection.ts";
import { lockDataFolder } from "#database/embedded/data-folder.ts";
import { stopLeftover } from "#database/embedded/leftover.ts";
import type { Postmaster } from "#database/embedded/postmaster.ts";
import { finishSwap, swapIn } from "#database/embedded/swap.ts";
import type { Log } from "#platform/log.ts";
import { startOrStop } from "#platform/shutdown.ts";
import type { Storage } from "#platform/storage/storage.ts";
import { AppError } from "#protocol/errors.ts";
import { prepareRestored, requireLedger } from "./prepare-restored.ts";

export type RestoreOptions = {
  backup: ListedBackup;
  target: RecoveryTarget;
  /** the data folder that gets the cluster; created if missing */
  dataDir: string;
  /** true: a cluster that is there is replaced, and kept as a safety copy */
  isReplaced: boolean;
  /** secret keys of age */
  identities: string[];
  /** where files and the ledger of erasures are */
  files: Storage;
  /** true: opens without a ledger of erasures, although the backup knew one */
  isLedgerLost: boolean;
  /** null: there is only the WAL of the backup itself */
  wal: KeptWal | null;
  log: Log;
  /** a last look at the restored database before it is put in its place */
  inspect(url: string): Promise<void>;
  onProgress?(progress: { bytes: number; totalBytes: number }): void;
};

export type Restored = {
  id: string;
  /** of what it replaced; null: nothing was there */
  safetyCopy: string | null;
  erasures: { erased: number; deleted: number };
  files: BroughtFiles;
};

/**
 * Restores a backup beside the data folder's cluster, replays the WAL and the erasures, checks it, and only then puts it in
 * its place. A kill at any moment leaves the old cluster or the restored one, whole.
 * @throws AppError with the next step; the data folder is as it was
 */
export async function restoreBackup(p: RestoreOptions): Promise<Restored> {
  await requireMajor(p.backup);
  await requireLedger(p);
  const lock = await lockDataFolder(p.dataDir);
  try {
    await finishSwap(p.dataDir);
    const isOccupied = await exists(join(p.dataDir, "postgres"));
    if (isOccupied && !p.isReplaced) throw occupied(p.dataDir);
    await removeUnfinished(p.dataDir, p.log);
    const id = newId(new Date());
    const name = `${prefix}${id}`;
    const folder = join(p.dataDir, name);
    await mkdir(folder, { mode: 0o700 });
    try {
      const brought = await fill(p, folder, id);
      if (isOccupied) await stopLeftover(join(p.dataDir, "postgres"), p.log);
      const safetyCopy = `before-restore-${id}`;
      await swapIn(p.dataDir, { restored: name, safetyCopy });
      return { id, safetyCopy: isOccupied ? join(p.dataDir, safetyCopy) : null, ...brought };
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw p.wal?.problem() ?? error;
    }
  } finally {
    await lock.release();
  }
}

/** The files, and with --ledger-lost the ledger. A lost file does not stop the restore. */
export async function bringBack(
  p: Pick<RestoreOptions, "backup" | "identities" | "files" | "isLedgerLost" | "log">,
): Promise<BroughtFiles> {
  const at = p.isLedgerLost ? await bringLedger(p) : null;
  if (at) p.log.warn(`The ledger of erasures is the one of the backup of ${at}. Erase again who was erased after it.`);
  const { lost, ...brought } = await bringFiles(p);
  if (lost.length > 0) p.log.warn(`${lost.length} files could not be brought back. The first: ${lost[0]}`);
  return { ...brought, lost };
}

const prefix = "restoring-";

/** What a killed restore has left. */
async function removeUnfinished(dataDir: string, log: Log): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (!name.startsWith(prefix)) continue;
    const cluster = join(dataDir, name, "postgres");
    if (await exists(cluster)) await stopLeftover(cluster, log);
    await rm(join(dataDir, name), { recursive: true, force: true });
  }
}

const fill = (p: RestoreOptions, folder: string, id: string): Promise<Pick<Restored, "erasures" | "files">> =>
  startOrStop(async ({ add, stop }) => {
    const { backup, target, wal } = p;
    const isDump = backup.manifest.kind === "logical";
    const postmaster = await (isDump ? startLoaded({ ...p, folder }) : startUnpacked(p, folder));
    add(() => postmaster.stop());
    if (wal?.problem()) throw wal.problem();
    if (target.to === "backup" || isDump) await requireSameTables(backup, postmaster.url);
    if (target.to === "latest" && wal) await requireEnd(backup, postmaster.url, wal);
    const files = await bringBack(p);
    const erasures = await prepareRestored({ ...p, id, folder, superuserUrl: postmaster.url });
    await stop();
    return { erasures, files };
  });

async function startUnpacked(p: RestoreOptions, folder: string): Promise<Postmaster> {
  const { backup, target, wal } = p;
  await unpackBackup(backup, { ...p, folder });
  return startRecovery({ backup, folder, target, restoreCommand: wal?.restoreCommand ?? null });
}

/** @throws AppError "backup_damaged" */
export async function requireSameTables({ id, manifest }: ListedBackup, url: string): Promise<void> {
  const [problem] = await askDirectly(url, client => compareWithBackup(client, manifest));
  if (problem === undefined) return;
  throw new AppError(
    "backup_damaged",
    `The backup ${id} is damaged: ${problem}. Choose another backup: prochat backup list.`,
  );
}

/**
 * PostgreSQL takes a missing segment for the end of the WAL, and so a restore_command that cannot run. The newest segment may
 * hold no whole record yet.
 * @throws AppError "backup_failed" or "backup_damaged"
 */
async function requireEnd({ manifest }: ListedBackup, url: string, wal: KeptWal): Promise<void> {
  const { newest } = wal;
  if (newest === null) return;
  if (!wal.wasAsked())
    throw new AppError(
      "backup_failed",
      "PostgreSQL has not asked for the WAL that was kept: the program that it starts for that could not run. Free some memory, and " +
        "try again. --backup-only restores without this WAL.",
    );
  const { rows } = await askDirectly(url, client =>
    client.query<{ lsn: string; time: Date | null }>(
      "select pg_last_wal_replay_lsn()::text as lsn, pg_last_xact_replay_timestamp() as time",
    ),
  );
  const { lsn, time } = rows[0]!;
  const { start } = parseSegmentName(newest, manifest.segmentBytes)!;
  if (start - parseLsn(lsn) < BigInt(manifest.segmentBytes)) return;
  throw new AppError(
    "backup_damaged",
    `WAL is missing: recovery ended at ${lsn}, but the newest segment that was kept is ${newest}. To restore what is ` +
      `before the gap: --to-time ${time?.toISOString() ?? "with the time of the backup"}.`,
  );
}

const occupied = (dataDir: string) =>
  new AppError(
    "conflict",
    `${dataDir} has a database already. Restore into another folder (--into), or replace it (--replace): it is kept as a safety copy.`,
  );

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
