import { chown, lchown, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ListedBackup } from "#database/backup/repository.ts";
import { askDirectly } from "#database/direct-connection.ts";
import { chooseAccount } from "#database/embedded/account.ts";
import { findBinaries } from "#database/embedded/binaries.ts";
import { type Account, run } from "#database/embedded/own-process.ts";
import { findReason } from "#database/embedded/postgres-log.ts";
import { type Postmaster, startPostmaster } from "#database/embedded/postmaster.ts";
import { findSecrets } from "#database/embedded/secrets.ts";
import { required } from "#database/embedded/settings.ts";
import { AppError } from "#protocol/errors.ts";

/** How far WAL is replayed: to the end of the copy, to a moment, or to the end of what was kept. */
export type RecoveryTarget = { to: "backup" } | { to: "time"; time: Date } | { to: "latest" };

type Options = {
  backup: ListedBackup;
  /** that unpackBackup() has filled */
  folder: string;
  target: RecoveryTarget;
  /** PostgreSQL's restore_command, see wal/serve.ts; null: there is only the WAL of the backup itself */
  restoreCommand: string | null;
  /** other settings of this PostgreSQL */
  settings?: Record<string, string>;
};

/** @throws AppError "data_folder_other_version" */
export async function requireMajor({ id, manifest }: ListedBackup): Promise<void> {
  if (manifest.kind === "logical") return; // a dump loads into newer versions, too
  const { output } = await run(null, (await findBinaries()).postgres, ["--version"]);
  const major = Number(/\(PostgreSQL\) (\d+)/.exec(output)?.[1]);
  if (major === manifest.postgresMajor) return;
  throw new AppError(
    "data_folder_other_version",
    `The backup ${id} is of PostgreSQL ${manifest.postgresMajor}; this Pro LiveChat includes ${major}. Restore it with a ` +
      `version that includes ${manifest.postgresMajor}, or unpack it for your own PostgreSQL: see docs/recovery.md.`,
  );
}

/**
 * Starts PostgreSQL on a cluster that was unpacked, and waits until its recovery has ended. It archives nothing, takes no
 * connection before the end, and then is on a timeline of its own.
 * @returns with the URL of a superuser, or of the role that made the backup
 * @throws AppError "database_failed" or "backup_failed" with the reason
 */
export async function startRecovery(p: Options): Promise<Postmaster> {
  const binaries = await findBinaries();
  const dir = join(p.folder, "postgres");
  const account = await chooseAccount({ folder: p.folder, cluster: dir, program: binaries.postgres });
  await writeFile(join(dir, "recovery.signal"), "");
  await keepApart(join(dir, "postgresql.auto.conf"));
  const login = await prepareLogin(p);
  if (account) await giveTo(account, p.folder);
  const postmaster = await startPostmaster({
    binaries,
    account,
    dir,
    password: login.password,
    logPath: join(p.folder, "postgres.log"),
    settings: { ...required, ...login.settings, ...recoverySettings(p), ...p.settings },
    urlAt: login.urlAt,
  }).catch(error => {
    throw explain(error, p);
  });
  const { rows } = await askDirectly(postmaster.url, client => client.query("select pg_is_in_recovery() as busy"));
  if (!rows[0].busy) return postmaster;
  await postmaster.stop();
  throw new AppError(
    "backup_failed",
    "PostgreSQL accepts connections but is still in recovery. Try the restore again.",
  );
}

/** PostgreSQL's own words, with what to do. Its log goes with the folder. */
function explain(error: unknown, { backup, target }: Options): unknown {
  if (!(error instanceof AppError) || error.code !== "database_failed") return error;
  const reason = findReason(String(error.details));
  if (target.to === "time" && /recovery target was reached/.test(reason)) {
    return new AppError(
      "backup_failed",
      `What was kept ends before ${target.time.toISOString()}. Leave out --to-time to restore all of it.`,
      { cause: error },
    );
  }
  return new AppError("backup_damaged", `PostgreSQL cannot recover the backup ${backup.id}: ${reason}.`, {
    cause: error,
  });
}

/** The source's own archive must not get WAL of this cluster, now or later, and its last recovery is not this one's. */
async function keepApart(path: string): Promise<void> {
  const lines = (await readFile(path, "utf8")).split("\n");
  const kept = lines.filter(line => !/^\s*(archive_|primary_|recovery_|restore_command)/.test(line));
  const note = "# prochat restore: this is a copy, and its WAL is not the original's";
  await writeFile(path, [...kept, note, "archive_mode = 'off'", "primary_conninfo = ''", ""].join("\n"));
}

function recoverySettings({ target, restoreCommand }: Options): Record<string, string> {
  return {
    // PostgreSQL wants one. This says that there is no more WAL than in the backup.
    restore_command: restoreCommand ?? `"${process.execPath}" -e "process.exit(1)"`,
    recovery_target_action: "promote",
    hot_standby: "off",
    archive_mode: "off",
    ...(target.to === "backup" && { recovery_target: "immediate", recovery_target_timeline: "current" }),
    ...(target.to === "time" && { recovery_target_time: postgresTime(target.time) }),
  };
}

/** PostgreSQL refuses 2026-11-27T05:42:10Z in this setting. */
export const postgresTime = (time: Date) => time.toISOString().replace("T", " ").replace("Z", "+00");

type Login = { password: string; settings: Record<string, string>; urlAt?: (port: number) => string };

/**
 * The embedded cluster takes the superuser's password, which is in secrets.json. Of another cluster no password is known: it is
 * opened to the user that runs it, through a socket in a folder that only this user may enter.
 */
async function prepareLogin({ backup, folder }: Options): Promise<Login> {
  const secrets = backup.manifest.isEmbedded ? await findSecrets(join(folder, "secrets.json")) : null;
  if (secrets) return { password: secrets.databasePassword, settings: {} };
  const socket = join(folder, "socket");
  await mkdir(socket, { mode: 0o700 });
  const [config, hba] = [join(folder, "restore.conf"), join(folder, "restore_hba.conf")];
  await writeFile(config, "");
  await writeFile(hba, "local all all trust\n");
  const { role, database } = backup.manifest;
  return {
    password: "",
    settings: { config_file: config, hba_file: hba, listen_addresses: "", unix_socket_directories: socket },
    urlAt: (port: number) =>
      `postgres://${encodeURIComponent(role)}@localhost:${port}/${encodeURIComponent(database)}?host=${encodeURIComponent(socket)}`,
  };
}

async function giveTo({ uid, gid }: Account, folder: string): Promise<void> {
  for (const name of ["postgres", "tablespaces", "socket", "restore.conf", "restore_hba.conf"]) {
    const path = join(folder, name);
    const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === "ENOTDIR") return [];
        if (error.code === "ENOENT") return null;
        throw error;
      },
    );
    if (!entries) continue;
    await chown(path, uid, gid);
    for (const entry of entries) await lchown(join(entry.parentPath, entry.name), uid, gid);
  }
}
