import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { compareWithBackup } from "#database/backup/base/fingerprints.ts";
import { judge } from "#database/backup/base/verify.ts";
import { type ListedBackup, newId, type Verification, writeVerification } from "#database/backup/repository.ts";
import { checkFiles } from "#database/backup/restore/bring-files.ts";
import { requireMajor, startRecovery } from "#database/backup/restore/recover.ts";
import { startLoaded } from "#database/backup/restore/start-loaded.ts";
import { unpackBackup } from "#database/backup/restore/unpack.ts";
import { askDirectly } from "#database/direct-connection.ts";
import { acquireLock, type Lock } from "#database/embedded/instance-lock.ts";
import { stopLeftover } from "#database/embedded/leftover.ts";
import type { Postmaster } from "#database/embedded/postmaster.ts";
import type { Log } from "#platform/log.ts";
import { startOrStop } from "#platform/shutdown.ts";
import type { Storage } from "#platform/storage/storage.ts";
import { programVersion } from "#platform/version.ts";
import { AppError } from "#protocol/errors.ts";
import { checkPages } from "./check-pages.ts";
import { checkConversations } from "./check-restored.ts";
import { prepareRestored, requireLedger } from "./prepare-restored.ts";

export type DrillOptions = {
  backup: ListedBackup;
  /** the scratch cluster is in a folder of this one, which is deleted afterwards */
  dataDir: string;
  /** secret keys of age */
  identities: string[];
  /** where files and the ledger of erasures are */
  files: Storage;
  log: Log;
  onProgress?(progress: { bytes: number; totalBytes: number }): void;
};

/** A PostgreSQL that is deleted afterwards: nothing needs to be forced to disk. */
const scratch = { fsync: "off", full_page_writes: "off", synchronous_commit: "off" };

/**
 * Restores a backup into a scratch cluster, starts it and checks it: each page and index, each table's rows, conversations as
 * the application reads them, the files and the erasures. The result is stored with the backup.
 * @throws AppError "conflict" if another drill runs here
 */
export async function runDrill(p: DrillOptions): Promise<Verification> {
  await mkdir(p.dataDir, { recursive: true, mode: 0o700 });
  const lock = await lockDrills(p.dataDir);
  const startedAt = Date.now();
  try {
    const { outcome, reason } = await drill(p).then(() => ({ outcome: "verified" as const, reason: null }), judge);
    const verification: Verification = {
      by: "drill",
      outcome,
      reason,
      at: new Date().toISOString(),
      seconds: (Date.now() - startedAt) / 1000,
      programVersion,
    };
    await writeVerification(p.backup.repository, p.backup.id, verification);
    return verification;
  } finally {
    await lock.release();
  }
}

async function lockDrills(dataDir: string): Promise<Lock> {
  const lock = await acquireLock(join(dataDir, "drill.lock"));
  if ("release" in lock) return lock;
  throw new AppError("conflict", `Another drill is running in ${dataDir} (process ${lock.pid}). Wait until it ends.`);
}

const prefix = "drill-";

async function drill(p: DrillOptions): Promise<void> {
  await removeKilled(p);
  const id = newId(new Date());
  const folder = join(p.dataDir, `${prefix}${id}`);
  await mkdir(folder, { mode: 0o700 });
  try {
    await check(p, folder, id);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const check = (p: DrillOptions, folder: string, id: string): Promise<void> =>
  startOrStop(async ({ add, stop }) => {
    const { backup } = p;
    const { manifest } = backup;
    await requireMajor(backup);
    await requireLedger({ ...p, isLedgerLost: false });
    const target = { to: "backup" as const };
    const postmaster = await startScratch(p, folder);
    add(() => postmaster.stop());
    await askDirectly(postmaster.url, async client => {
      await checkPages(client);
      const problems = await compareWithBackup(client, manifest);
      if (problems.length > 0) throw new AppError("backup_damaged", problems.join("; "));
    });
    if (manifest.hasDamagedPages) throw new AppError("backup_damaged", "the source had damaged pages");
    await checkFiles(p);
    const inspect = (url: string) => checkConversations(url, p.log);
    await prepareRestored({ ...p, target, id, folder, superuserUrl: postmaster.url, inspect });
    await stop();
  });

async function startScratch(p: DrillOptions, folder: string): Promise<Postmaster> {
  const { backup } = p;
  const settings = scratch;
  if (backup.manifest.kind === "logical") return startLoaded({ ...p, folder, settings });
  await unpackBackup(backup, { ...p, folder });
  return startRecovery({ backup, folder, target: { to: "backup" }, restoreCommand: null, settings });
}

/** What a killed drill has left. */
async function removeKilled({ dataDir, log }: DrillOptions): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (!name.startsWith(prefix) || name === "drill.lock") continue;
    await stopLeftover(join(dataDir, name, "postgres"), log).catch(() => {}); // it was killed before it unpacked any
    await rm(join(dataDir, name), { recursive: true, force: true });
  }
}
