import { mkdir, readFile, statfs, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { unpackTar } from "modern-tar/fs";
import { asDamaged } from "#database/backup/base/packing.ts";
import { baseFolder, type ListedBackup } from "#database/backup/repository.ts";
import { AppError } from "#protocol/errors.ts";
import { openFiles, type ReadOptions } from "./open-files.ts";

/** For the log, the first WAL and what recovery writes. */
export const reserveBytes = 64 * 2 ** 20;

type Options = ReadOptions & {
  /** exists, and has nothing of these names: postgres, tablespaces, secrets.json */
  folder: string;
};

/**
 * Unpacks a backup: the cluster to `postgres`, its tablespaces to `tablespaces/<oid>`, and secrets.json. Each file is compared
 * with the manifest.
 * @throws AppError "disk_full" before anything is written, "backup_damaged", "backup_failed" for a wrong key,
 *   "storage_unavailable"
 */
export async function unpackBackup(backup: ListedBackup, p: Options): Promise<void> {
  const { files } = backup.manifest;
  await requireSpace(
    p.folder,
    files.reduce((sum, file) => sum + file.plainBytes, reserveBytes),
  );
  const open = openFiles(backup, files, p);
  const tablespaces: string[] = [];
  for (const file of files) {
    const [, archive] = /^(base|\d+)\.tar\b/.exec(file.name) ?? [];
    const isSecrets = file.name.startsWith("secrets.json");
    if (!archive && !isSecrets) continue;
    const body = await open(file);
    if (isSecrets) {
      await writeFile(join(p.folder, "secrets.json"), body, { mode: 0o600, flush: true });
      continue;
    }
    const dir = archive === "base" ? join(p.folder, "postgres") : join(p.folder, "tablespaces", archive!);
    if (archive !== "base") tablespaces.push(archive!);
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await pipeline(body, unpackTar(dir, { strict: true, dmode: 0o700, fmode: 0o600 })).catch(error => {
      throw asDamaged(error, `${baseFolder(backup.repository, backup.id)}${file.name}`);
    });
  }
  if (tablespaces.length > 0) await moveTablespaces(p.folder, tablespaces);
}

/** Only secrets.json, if the backup has one. */
export async function unpackSecrets(
  backup: ListedBackup,
  { folder, identities }: Pick<Options, "folder" | "identities">,
): Promise<void> {
  const file = backup.manifest.files.find(({ name }) => name.startsWith("secrets.json"));
  if (!file) return;
  const body = await openFiles(backup, [file], { identities })(file);
  await writeFile(join(folder, "secrets.json"), body, { mode: 0o600, flush: true });
}

/** PostgreSQL makes the links to tablespaces from this file. Their old places may be in use by the original. */
async function moveTablespaces(folder: string, oids: string[]): Promise<void> {
  const path = join(folder, "postgres", "tablespace_map");
  const lines = (await readFile(path, "utf8")).split("\n").map(line => {
    const [oid = ""] = line.split(" ");
    return oids.includes(oid) ? `${oid} ${join(folder, "tablespaces", oid).replaceAll("\\", "/")}` : line;
  });
  await writeFile(path, lines.join("\n"));
}

/** @throws AppError "disk_full" */
export async function requireSpace(folder: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= neededBytes) return;
  const [free, needed] = [bavail * bsize, neededBytes].map(bytes => Math.ceil(bytes / 2 ** 20));
  throw new AppError(
    "disk_full",
    `The disk of ${dirname(folder)} has ${free} MB left; the backup needs ${needed} MB. Free some space, or restore --into another disk.`,
  );
}
