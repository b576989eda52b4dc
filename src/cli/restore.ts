import { resolve } from "node:path";
import { Command } from "commander";
import type { ListedBackup } from "#database/backup/repository.ts";
import type { RecoveryTarget } from "#database/backup/restore/recover.ts";
import { askDirectly } from "#database/direct-connection.ts";
import type { Config } from "#platform/config.ts";
import type { Log } from "#platform/log.ts";
import { openStorage } from "#platform/storage/open-storage.ts";
import { AppError } from "#protocol/errors.ts";
import { exactMoment } from "./arguments.ts";
import { openBackups } from "./backup-storage.ts";
import { printProgress } from "./progress.ts";
import { requireMigrated } from "./require-migrated.ts";
import { runCommand } from "./run-command.ts";

type Options = {
  from?: string;
  toTime?: Date;
  backupOnly?: true;
  into?: string;
  replace?: true;
  ledgerLost?: true;
  json?: true;
};

/** prochat restore */
export function restoreCommand(): Command {
  return new Command("restore")
    .description("bring a backup back, with all that was kept since, or as it was at a moment; without one, list them")
    .argument("[backup]", "its id, or latest")
    .option("--from <folder>", "a backup in this folder, as prochat backup --to made it")
    .option("--to-time <time>", "as it was then, such as 2026-11-27T05:42:10Z or 2026-11-27 12:42+07:00", exactMoment)
    .option("--backup-only", "as it was when the backup was made, without what was kept since")
    .option("--into <folder>", "into this data folder; default: DATA_DIR")
    .option("--replace", "replace the database that is there, and keep it as a safety copy")
    .option("--ledger-lost", "open it although the ledger of erasures is lost: who was erased since is back")
    .option("--json", "report as JSON")
    .addHelpText("after", "\nStop the server first. What to do when something is lost: docs/recovery.md.")
    .action(
      runCommand<Options>(async (config, log, options, [wanted]) => {
        if (wanted === undefined) return list(config, options);
        await restore(config, log, options, wanted);
        return true;
      }),
    );
}

async function list(config: Config, { from, json }: Options): Promise<boolean> {
  const { printBackups } = await import("./backup-list.ts"); // see main.ts
  return printBackups(openBackups(config, from), json === true);
}

async function restore(config: Config, log: Log, options: Options, wanted: string): Promise<void> {
  const { readBackupKeys } = await import("#database/backup/base/encryption.ts"); // see main.ts
  const { chooseBackup } = await import("#database/backup/restore/choose.ts");
  const { openKeptWal } = await import("#database/backup/restore/kept-wal.ts");
  const { restoreBackup } = await import("#server/backups/restore.ts");
  const dataDir = readTarget(config, options);
  const keys = await readBackupKeys(config.backupKey);
  const startedAt = Date.now();
  const backup = await chooseBackup(openBackups(config, options.from), wanted, options.toTime ?? null);
  const progress = printProgress("Restored");
  const wal = options.backupOnly ? null : await openKeptWal(backup, keys);
  try {
    const restored = await restoreBackup({
      backup,
      target: targetOf(options),
      dataDir,
      isReplaced: options.replace === true,
      identities: keys.identities,
      files: openStorage(config),
      isLedgerLost: options.ledgerLost === true,
      wal,
      log,
      inspect: url => inspect(url, log),
      onProgress: progress.show,
    });
    progress.clear();
    const seconds = (Date.now() - startedAt) / 1000;
    if (options.json) console.log(JSON.stringify({ backup: backup.id, dataDir, seconds, ...restored }));
    else console.log(describe(backup, dataDir, restored.safetyCopy, seconds));
  } finally {
    progress.clear();
    await wal?.close();
  }
}

/** As prochat doctor does. A slow query is no reason to keep the data from people who wait for it. */
async function inspect(url: string, log: Log): Promise<void> {
  await requireMigrated(url);
  const { verifyDatabase } = await import("#server/query-proofs/verify-database.ts"); // see main.ts
  const { failures } = await askDirectly(url, verifyDatabase);
  for (const failure of failures) log.warn(failure);
}

function readTarget({ databaseUrl, dataDir }: Config, { into, toTime, backupOnly }: Options): string {
  if (toTime && backupOnly) throw new AppError("invalid_request", "Give --to-time or --backup-only, not both.");
  if (into !== undefined) return resolve(into);
  if (databaseUrl === null) return dataDir;
  throw new AppError(
    "invalid_request",
    "DATABASE_URL is set: its database is run by somebody else. Restore into a new folder (--into), then start it from there.",
  );
}

const targetOf = ({ toTime, backupOnly }: Options): RecoveryTarget =>
  toTime ? { to: "time", time: toTime } : { to: backupOnly ? "backup" : "latest" };

function describe({ id, manifest }: ListedBackup, dataDir: string, safetyCopy: string | null, seconds: number): string {
  return [
    `Restored ${id} into ${dataDir} in ${seconds.toFixed(1)} s.`,
    ...(safetyCopy ? [`What was there is in ${safetyCopy}. Delete it when you no longer need it.`] : []),
    manifest.isEmbedded
      ? "Start it: prochat start"
      : `Start your PostgreSQL ${manifest.postgresMajor} on ${dataDir}/postgres.`,
  ].join("\n");
}
