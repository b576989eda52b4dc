import { Command, InvalidArgumentError } from "commander";
import { readClusterMajor } from "#database/embedded/cluster.ts";
import { borrowDatabase } from "#database/embedded/open-database.ts";
import { clusterPath } from "#database/embedded/start.ts";
import { type BackupMethod, backupMethods } from "#platform/backup-method.ts";
import type { Config } from "#platform/config.ts";
import type { Log } from "#platform/log.ts";
import { openStorage } from "#platform/storage/open-storage.ts";
import { createPace } from "#platform/storage/pace.ts";
import { AppError } from "#protocol/errors.ts";
import { moment } from "./arguments.ts";
import { backupExpireCommand } from "./backup-expire.ts";
import { backupKeyCommand } from "./backup-key.ts";
import { backupListCommand } from "./backup-list.ts";
import { openBackups } from "./backup-storage.ts";
import { backupVerifyCommand } from "./backup-verify.ts";
import { printProgress, size } from "./progress.ts";
import { recordOfServer } from "./record.ts";
import { runCommand } from "./run-command.ts";
import { stopSignal } from "./stop-signal.ts";

type Options = {
  to?: string;
  method?: string;
  pack?: "zstd" | "gzip" | "none";
  keepUntil?: Date;
  maxRate?: number;
  json?: true;
};

/** prochat backup */
export function backupCommand(): Command {
  return new Command("backup")
    .description("copy the whole database, while it runs, to where files are stored")
    .option("--to <folder>", "into this folder instead, such as one on another disk")
    .option("--method <method>", "auto, physical or logical (pg_dump); default: BACKUP_METHOD")
    .option("--pack <format>", "zstd, gzip or none; default: zstd")
    .option("--keep-until <time>", "the schedule does not delete it before, such as 2027-11-29", moment)
    .option(
      "--max-rate <MB>",
      "MB of the database each second, so that a busy chat is not slowed down; default: no limit",
      rate,
    )
    .option("--json", "report as JSON")
    .addHelpText("after", "\nWith BACKUP_KEY it is encrypted: see prochat backup key. prochat restore brings it back.")
    .addCommand(backupListCommand())
    .addCommand(backupVerifyCommand())
    .addCommand(backupKeyCommand())
    .addCommand(backupExpireCommand())
    .action(runCommand<Options>(backup));
}

async function backup(config: Config, log: Log, options: Options): Promise<boolean> {
  const { pack = "zstd" } = options;
  if (!["zstd", "gzip", "none"].includes(pack)) {
    throw new AppError("invalid_request", `--pack is "${pack}". Choose zstd, gzip or none.`);
  }
  const method = readMethod(options.method ?? config.backupMethod);
  await requireCluster(config);
  const { readBackupKeys } = await import("#database/backup/base/encryption.ts"); // see main.ts
  const { runBackup } = await import("#database/backup/base/run-backup.ts");
  const { recipients } = await readBackupKeys(config.backupKey);
  const signal = stopSignal();
  const databaseUrl = config.directDatabaseUrl ?? config.databaseUrl; // no pooler passes replication on
  const database = await borrowDatabase({ dataDir: config.dataDir, databaseUrl, log });
  const progress = printProgress("Copied");
  try {
    const { repository, manifest } = await runBackup({
      url: database.url,
      method,
      dataDir: config.dataDir,
      isEmbedded: config.databaseUrl === null,
      storage: openBackups(config, options.to),
      files: openStorage(config),
      copiesFiles: config.s3 === null || options.to !== undefined,
      packing: pack,
      recipients,
      keepUntil: options.keepUntil ?? null,
      pace: createPace(options.maxRate ? options.maxRate * 1_000_000 : null),
      log,
      onProgress: progress.show,
      onLogical: reason => console.error(reason),
      signal,
    });
    progress.clear();
    await recordOfServer(database.url, { action: "backup.made", target: null, details: { backup: manifest.id } });
    if (options.json) console.log(JSON.stringify({ repository: repository.name, ...manifest }));
    else
      console.log(
        `${manifest.kind === "logical" ? "Logical backup" : "Backup"} ${manifest.id}: ${describe(manifest)}, in ${repository.storage.description}.`,
      );
    if (manifest.hasDamagedPages) throw damagedPages(manifest.id);
    return true;
  } finally {
    progress.clear();
    await database.stop();
  }
}

function rate(text: string): number {
  const megabytes = Number(text);
  if (megabytes >= 1 && megabytes <= 100_000) return megabytes;
  throw new InvalidArgumentError("Give MB a second, 1 to 100000.");
}

function readMethod(text: string): BackupMethod {
  const method = backupMethods.find(each => each === text);
  if (method) return method;
  throw new AppError("invalid_request", `--method is "${text}". Choose ${backupMethods.join(", ")}.`);
}

/** A start would create an empty database, and its backup would look like success. */
async function requireCluster({ databaseUrl, dataDir }: Config): Promise<void> {
  if (databaseUrl || (await readClusterMajor(clusterPath(dataDir)))) return;
  throw new AppError("backup_failed", `There is no database in ${dataDir}. Set DATA_DIR or DATABASE_URL.`);
}

type Described = {
  files: { plainBytes: number; packedBytes: number }[];
  encryption: unknown;
  startedAt: string;
  finishedAt: string;
};

function describe({ files, encryption, startedAt, finishedAt }: Described): string {
  const sum = (name: "plainBytes" | "packedBytes") => size(files.reduce((bytes, file) => bytes + file[name], 0));
  const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  return `${sum("plainBytes")} as ${sum("packedBytes")}${encryption ? ", encrypted" : ""}, in ${seconds.toFixed(1)} s`;
}

const damagedPages = (id: string) =>
  new AppError(
    "backup_damaged",
    `The database has damaged pages, and the backup ${id} has them too. Keep the earlier backups, check the disk, and see docs/recovery.md.`,
  );
