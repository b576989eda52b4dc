import { mkdir, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { findClientTool } from "#database/backup/logical/client-tools.ts";
import { dumpFolder } from "#database/backup/logical/dump.ts";
import { runTool } from "#database/backup/logical/run-tool.ts";
import type { BackupManifest } from "#database/backup/manifest.ts";
import type { ListedBackup } from "#database/backup/repository.ts";
import { AppError } from "#protocol/errors.ts";
import { openFiles, type ReadOptions } from "./open-files.ts";

type Options = ReadOptions & {
  /** of the database that gets the tables, by the role that is to own them */
  url: string;
  /** gets the dump while it is loaded */
  scratchDir: string;
};

/** What a logical backup says of its dump. */
export function dumpOf({ id, dump }: BackupManifest): NonNullable<BackupManifest["dump"]> {
  if (dump) return dump;
  throw new AppError("backup_damaged", `The manifest of the logical backup ${id} does not say what was dumped.`);
}

/** pg_restore of this version can read the backup. @throws AppError "backup_failed" if none is installed */
export const findRestoreTool = ({ manifest }: ListedBackup) =>
  findClientTool("pg_restore", Number.parseInt(dumpOf(manifest).toolVersion, 10));

/**
 * Loads a logical backup into a database that has its schema, and nothing in it, in one transaction: all of it, or nothing.
 * Each file is compared with the manifest before.
 * @throws AppError "backup_damaged", "backup_failed" with PostgreSQL's reason or for a wrong key, "storage_unavailable"
 */
export async function loadDump(backup: ListedBackup, p: Options): Promise<void> {
  const tool = await findRestoreTool(backup);
  const { homeSchema } = dumpOf(backup.manifest);
  const folder = join(p.scratchDir, "dump");
  await mkdir(folder, { mode: 0o700 });
  try {
    await fetchDump(backup, folder, p);
    const list = join(folder, "restore.list");
    const contents = await runTool(tool, ["--list", folder], { url: null });
    if (contents.failure) throw failed(backup, contents.failure);
    const entries = contents.output.split("\n").filter(entry => !entry.includes(` SCHEMA - ${homeSchema} `));
    await writeFile(list, entries.join("\n"));
    const loading = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--no-comments"];
    const { failure } = await runTool(tool, [...loading, `--use-list=${list}`, folder], { url: p.url });
    if (failure) throw failed(backup, failure);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fetchDump(backup: ListedBackup, folder: string, p: Options): Promise<void> {
  const files = backup.manifest.files.filter(({ name }) => name.startsWith(dumpFolder));
  const open = openFiles(backup, files, p);
  for (const file of files) await writeFile(join(folder, plainName(file)), await open(file), { mode: 0o600 });
}

/** As pg_dump called it: what we packed has lost our ending again. */
const plainName = ({ name, packing }: { name: string; packing: string }) =>
  basename(name)
    .replace(/\.age$/, "")
    .replace(packing === "none" ? /$^/ : /\.(gz|zst)$/, "");

const failed = ({ id }: ListedBackup, why: string) =>
  new AppError(
    "backup_failed",
    `PostgreSQL does not take the backup ${id}: ${why}. Nothing of it is left in the database.`,
  );
