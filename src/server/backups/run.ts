import type pg from "pg";
import { type BackupKeys, readBackupKeys } from "#database/backup/base/encryption.ts";
import { runBackup } from "#database/backup/base/run-backup.ts";
import { verifyBackup } from "#database/backup/base/verify.ts";
import { type ListedBackup, listBackups } from "#database/backup/repository.ts";
import { verifyKeptWal } from "#database/backup/restore/kept-wal.ts";
import { isDue } from "#database/backup/schedule/due.ts";
import { expire, mayNotDelete } from "#database/backup/schedule/expire.ts";
import { type Backups, openBackups } from "#database/backup/schedule/open.ts";
import {
  deleteOldRuns,
  endLostRuns,
  findLastRun,
  finishRun,
  noteProgress,
  type Run,
  type RunOutcome,
  requestRun,
  startNextRun,
} from "#database/backup/schedule/runs.ts";
import type { Config } from "#platform/config.ts";
import type { Log } from "#platform/log.ts";
import { openStorage } from "#platform/storage/open-storage.ts";
import { createPace } from "#platform/storage/pace.ts";

export type RunContext = {
  config: Config;
  /** of a direct connection, by a role that may replicate */
  url: string;
  pool: pg.Pool;
  log: Log;
  /** aborted when the server stops */
  signal: AbortSignal;
};

type Result = { outcome: RunOutcome; detail: string | null; backupId: string | null };

const retryMs = 15 * 60_000;
const drillEveryMs = 7 * 86_400_000;
/** A daily backup begins some seconds sooner or later than the one before. */
const drillSlackMs = 3_600_000;
const progressMs = 2_000;

/**
 * Makes the daily backup if its time has come, and the runs that were asked for, one after the other. To be called each minute:
 * a backup that failed is tried again 15 minutes after its start, and one whose time has passed while no server ran is made at once.
 */
export async function runBackups(ctx: RunContext): Promise<void> {
  const backups = await openBackups(ctx.config, ctx.pool);
  const repository = backups.repository.name;
  await endLostRuns(ctx.pool);
  await requestDaily(ctx, repository);
  for (let run = await startNextRun(ctx.pool, repository); run; run = await startNextRun(ctx.pool, repository)) {
    const result = await work(ctx, backups, run);
    await finishRun(ctx.pool, run.id, result);
    if (ctx.signal.aborted) return; // the stop ended it; it is made again after the next start
    if (result.outcome !== "succeeded") ctx.log.error(`The ${run.kind} did not succeed: ${result.detail}`);
  }
}

async function requestDaily({ pool, config }: RunContext, repository: string): Promise<void> {
  const now = new Date();
  const attempt = await findLastRun(pool, { repository, kind: "backup", outcome: null });
  if (attempt?.finishedAt === null) return; // it may be the one that is due
  const last = await findLastRun(pool, { repository, kind: "backup", outcome: "succeeded" });
  const daily = { time: config.backupTime, timeZone: config.backupTimeZone };
  if (!isDue(daily, last?.startedAt ?? null, now)) return;
  const isSoon = attempt?.outcome === "failed" && now.getTime() - attempt.startedAt!.getTime() < retryMs;
  if (!isSoon) await requestRun(pool, { repository, kind: "backup", reason: "schedule", by: null });
}

async function work(ctx: RunContext, backups: Backups, run: Run): Promise<Result> {
  const progress = { bytes: 0, totalBytes: 0 };
  const note = () => noteProgress(ctx.pool, run.id, progress).catch(() => {}); // the next one may succeed
  const timer = setInterval(note, progressMs);
  const onProgress = (now: { bytes: number; totalBytes: number }) => Object.assign(progress, now);
  try {
    const keys = await readBackupKeys(ctx.config.backupKey);
    return await (run.kind === "backup" ? makeBackup : drillNewest)(ctx, backups, keys, onProgress);
  } catch (error) {
    return { outcome: "failed", detail: (error as Error).message, backupId: null };
  } finally {
    clearInterval(timer);
  }
}

type OnProgress = (progress: { bytes: number; totalBytes: number }) => void;

/** Makes a backup, reads it back, and deletes those that are kept no longer. */
async function makeBackup(
  ctx: RunContext,
  backups: Backups,
  keys: BackupKeys,
  onProgress: OnProgress,
): Promise<Result> {
  const { config, url, log, signal } = ctx;
  const { storage } = backups.repository;
  const pace = createPace(config.backupMaxRate);
  const { manifest } = await runBackup({
    url,
    method: config.backupMethod,
    dataDir: config.dataDir,
    isEmbedded: config.databaseUrl === null,
    storage,
    files: openStorage(config),
    copiesFiles: config.s3 === null,
    packing: "zstd",
    recipients: keys.recipients,
    keepUntil: null,
    pace,
    log,
    onProgress,
    onLogical: reason => log.info(reason),
    signal,
  });
  const backupId = manifest.id;
  const verified = await verifyBackup(await findBackup(backups, backupId), { ...keys, pace, onProgress });
  if (verified.outcome === "failed") return { outcome: "failed", detail: verified.reason, backupId };
  await verifyArchive(backups, keys, backupId, log);
  await expireOld(ctx, backups);
  await requestDrill(ctx, backups.repository.name);
  await deleteOldRuns(ctx.pool);
  return { outcome: "succeeded", detail: null, backupId };
}

/** Reads back the WAL since the backup before. The new one does not need it; moments between the two do. */
async function verifyArchive({ repository }: Backups, keys: BackupKeys, newest: string, log: Log): Promise<void> {
  const { backups } = await listBackups(repository);
  const physical = backups.filter(({ manifest }) => manifest.kind === "physical");
  const from = physical.find(({ id }) => id < newest) ?? physical[0];
  if (!from) return;
  try {
    const [problem] = (await verifyKeptWal(from, keys))?.problems ?? [];
    if (problem) log.error(`The WAL since the backup ${from.id} is damaged: ${problem.segment}, ${problem.problem}.`);
  } catch (error) {
    log.warn(`The WAL could not be read back: ${(error as Error).message}`); // tomorrow's goes on where this one began
  }
}

async function findBackup({ repository }: Backups, id: string): Promise<ListedBackup> {
  const found = (await listBackups(repository)).backups.find(backup => backup.id === id);
  if (!found) throw new Error(`The backup ${id} is not listed after it was made`);
  return found;
}

/** A key that may not delete is a choice: deleting is left to another one, prochat backup expire. */
async function expireOld({ config, log }: RunContext, { repository, archive }: Backups): Promise<void> {
  try {
    const gone = await expire(repository, archive, {
      timeZone: config.backupTimeZone,
      now: new Date(),
      isDryRun: false,
    });
    if (gone.backups.length > 0)
      log.info(`Deleted ${gone.backups.length} old backups and ${gone.walSegments} WAL segments`);
  } catch (error) {
    const { message } = error as Error;
    if (mayNotDelete(error))
      log.warn(
        `Old backups stay, because this key may not delete: run prochat backup expire with another one. ${message}`,
      );
    else log.error(`Old backups could not be deleted: ${message}`);
  }
}

async function requestDrill({ pool }: RunContext, repository: string): Promise<void> {
  const last = await findLastRun(pool, { repository, kind: "drill", outcome: "succeeded" });
  if (last?.startedAt && Date.now() - last.startedAt.getTime() < drillEveryMs - drillSlackMs) return;
  await requestRun(pool, { repository, kind: "drill", reason: "schedule", by: null });
}

async function drillNewest(
  ctx: RunContext,
  backups: Backups,
  keys: BackupKeys,
  onProgress: OnProgress,
): Promise<Result> {
  const [backup] = (await listBackups(backups.repository)).backups;
  if (!backup) return { outcome: "inconclusive", detail: "There is no backup yet.", backupId: null };
  const { runDrill } = await import("./drill.ts");
  const { dataDir } = ctx.config;
  const files = openStorage(ctx.config);
  const { outcome, reason } = await runDrill({ backup, dataDir, ...keys, files, log: ctx.log, onProgress });
  return { outcome: outcome === "verified" ? "succeeded" : outcome, detail: reason, backupId: backup.id };
}
