import { resolve } from "node:path";
import { Command } from "commander";
import type { BackupKeys } from "#database/backup/base/encryption.ts";
import type { ListedBackup } from "#database/backup/repository.ts";
import type { RecoveryTarget } from "#database/backup/restore/recover.ts";
import { askDirectly } from "#database/direct-connection.ts";
import type { Config } from "#platform/config.ts";
import { normalizeDatabaseUrl } from "#platform/database-url.ts";
import type { Log } from "#platform/log.ts";
import { maskUrl } from "#platform/mask-url.ts";
import { openStorage } from "#platform/storage/open-storage.ts";
import { AppError } from "#protocol/errors.ts";
import type { Restored, RestoreOptions } from "#server/backups/restore.ts";
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
    .option("--into <place>", "into this data folder, or an empty database (postgres://…); default: DATA_DIR")
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
  const target = readTarget(config, options);
  const keys = await readBackupKeys(config.backupKey);
  const startedAt = Date.now();
  const backup = await chooseBackup(openBackups(config, options.from), wanted, options.toTime ?? null);
  const progress = printProgress("Restored");
  const common = {
    backup,
    dataDir: target.dataDir,
    identities: keys.identities,
    files: openStorage(config),
    isLedgerLost: options.ledgerLost === true,
    log,
    inspect: (url: string) => inspect(url, log),
    onProgress: progress.show,
  };
  try {
    const restored = await (target.url === null
      ? restoreIntoFolder(common, keys, options)
      : restoreInto(common, target.url));
    progress.clear();
    const seconds = (Date.now() - startedAt) / 1000;
    const { dataDir } = target;
    if (options.json) console.log(JSON.stringify({ backup: backup.id, dataDir, seconds, ...restored }));
    else console.log(describe(backup, target, restored, seconds));
  } finally {
    progress.clear();
  }
}

type Common = Omit<RestoreOptions, "target" | "isReplaced" | "wal">;

async function restoreIntoFolder(common: Common, keys: BackupKeys, options: Options): Promise<Restored> {
  const { openKeptWal } = await import("#database/backup/restore/kept-wal.ts"); // see main.ts
  const { restoreBackup } = await import("#server/backups/restore.ts");
  const { backup } = common;
  const wal = options.backupOnly || backup.manifest.kind === "logical" ? null : await openKeptWal(backup, keys);
  try {
    return await restoreBackup({ ...common, target: targetOf(options), isReplaced: options.replace === true, wal });
  } finally {
    await wal?.close();
  }
}

async function restoreInto(common: Common, url: string): Promise<Restored> {
  const { examineDatabase } = await import("#database/connection/examine.ts"); // see main.ts
  const { restoreIntoDatabase } = await import("#server/backups/restore-into-database.ts");
  return restoreIntoDatabase({ ...common, url: await examineDatabase(url, { isWritten: true }) });
}

/** As prochat doctor does. A slow query is no reason to keep the data from people who wait for it. */
async function inspect(url: string, log: Log): Promise<void> {
  await requireMigrated(url);
  const { verifyDatabase } = await import("#server/query-proofs/verify-database.ts"); // see main.ts
  const { failures } = await askDirectly(url, verifyDatabase);
  for (const failure of failures) log.warn(failure);
}

/** A data folder, or a database that somebody else runs. The folder gets the secrets and a dump while it is loaded. */
type Target = { dataDir: string; url: string | null };

function readTarget({ databaseUrl, dataDir }: Config, { into, toTime, backupOnly, replace }: Options): Target {
  if (toTime && backupOnly) throw new AppError("invalid_request", "Give --to-time or --backup-only, not both.");
  if (into !== undefined && /^postgres(ql)?:/i.test(into)) return { dataDir, url: readUrl(into, replace) };
  if (into !== undefined) return { dataDir: resolve(into), url: null };
  if (databaseUrl === null) return { dataDir, url: null };
  throw new AppError(
    "invalid_request",
    "DATABASE_URL is set: its database is run by somebody else. Restore into a new folder (--into), then start it from there; " +
      "a logical backup also into an empty database (--into postgres://…).",
  );
}

function readUrl(into: string, replace: true | undefined): string {
  if (replace) {
    throw new AppError(
      "invalid_request",
      "--replace is for a data folder. Restore into an empty database of this PostgreSQL, then set DATABASE_URL to it: the one " +
        "before stays as the safety copy.",
    );
  }
  try {
    return normalizeDatabaseUrl(into, {});
  } catch (error) {
    throw new AppError("invalid_request", `--into is no address of a database: ${(error as Error).message}.`);
  }
}

const targetOf = ({ toTime, backupOnly }: Options): RecoveryTarget =>
  toTime ? { to: "time", time: toTime } : { to: backupOnly ? "backup" : "latest" };

function describe(
  { id, manifest }: ListedBackup,
  { dataDir, url }: Target,
  { safetyCopy, files }: Restored,
  seconds: number,
): string {
  const isOurs = manifest.isEmbedded || manifest.kind === "logical";
  const place = url === null ? dataDir : maskUrl(url);
  const start = isOurs
    ? "Start it: prochat start"
    : `Start your PostgreSQL ${manifest.postgresMajor} on ${dataDir}/postgres.`;
  return [
    `Restored ${id} into ${place} in ${seconds.toFixed(1)} s.`,
    ...(safetyCopy ? [`What was there is in ${safetyCopy}. Delete it when you no longer need it.`] : []),
    ...(files.restored > 0 ? [`${files.restored} files were missing, and are back.`] : []),
    url === null ? start : "Set DATABASE_URL to it, then: prochat start",
  ].join("\n");
}
