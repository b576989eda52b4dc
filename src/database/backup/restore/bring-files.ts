import { text } from "node:stream/consumers";
import type { FileEntry, LedgerCopy } from "#database/backup/base/copied-files.ts";
import { objectsFolder, openObject, readFileEntries } from "#database/backup/base/copied-files.ts";
import { getUnpacked } from "#database/backup/base/packing.ts";
import { baseFolder, type ListedBackup, listBackups } from "#database/backup/repository.ts";
import { listErasedFiles } from "#database/privacy/erased-files.ts";
import type { Storage } from "#platform/storage/storage.ts";
import { AppError } from "#protocol/errors.ts";

type Where = {
  backup: ListedBackup;
  /** secret keys of age */
  identities: string[];
  /** where files and the ledger of erasures are */
  files: Storage;
};

export type BroughtFiles = {
  /** copied from the backup */
  restored: number;
  /** were there */
  present: number;
  /** erased since, and not brought back */
  erased: number;
  /** why, of each that is neither in the backup nor where files are stored */
  lost: string[];
};

/**
 * Brings back the files of a backup that are missing where files are stored. Those that were erased with a person stay away.
 * @throws AppError "storage_unavailable", "backup_failed" for a wrong key
 */
export async function bringFiles({ backup, identities, files }: Where): Promise<BroughtFiles> {
  const brought: BroughtFiles = { restored: 0, present: 0, erased: 0, lost: [] };
  for (const entry of await listUnerased(backup, identities, files, () => brought.erased++)) {
    if ((await files.head(entry.key))?.sizeBytes === entry.sizeBytes) {
      brought.present++;
      continue;
    }
    try {
      if (entry.object === null) throw missing(entry, files.description);
      await files.put(entry.key, await openObject(backup.repository, entry, identities).catch(explain(backup, entry)));
      brought.restored++;
    } catch (error) {
      if (!(error instanceof AppError && error.code === "backup_damaged")) throw error;
      brought.lost.push(error.message);
    }
  }
  return brought;
}

/**
 * Reads each file of a backup: its copy with its hash, or where it is stored if it was not copied.
 * @throws AppError "backup_damaged" naming the first that is missing or has changed
 */
export async function checkFiles({ backup, identities, files }: Where): Promise<void> {
  for (const entry of await listUnerased(backup, identities, files)) {
    if (entry.object === null) {
      if ((await files.head(entry.key))?.sizeBytes !== entry.sizeBytes) throw missing(entry, files.description);
      continue;
    }
    const body = await openObject(backup.repository, entry, identities).catch(explain(backup, entry));
    for await (const _ of body); // openObject() compares
  }
}

async function listUnerased(
  backup: ListedBackup,
  identities: string[],
  files: Storage,
  onErased?: () => void,
): Promise<FileEntry[]> {
  const erased = new Set((await listErasedFiles(files)).map(({ sha256 }) => sha256));
  const entries = await readFileEntries(backup, identities);
  return entries.filter(({ sha256 }) => {
    const isErased = sha256 !== null && erased.has(sha256);
    if (isErased) onErased?.();
    return !isErased;
  });
}

/** @returns when the ledger was copied; null: no backup has one */
export async function bringLedger({ backup, identities, files }: Where): Promise<string | null> {
  const { backups } = await listBackups(backup.repository);
  const newest = backups.find(({ manifest }) => manifest.erasures > 0);
  const file = newest?.manifest.files.find(({ name }) => name.startsWith("erasures.ndjson"));
  if (!newest || !file) return null;
  const secret = newest.manifest.encryption ? identities : null;
  const { storage } = newest.repository;
  const folder = baseFolder(newest.repository, newest.id);
  const lines = await text(await getUnpacked({ storage, folder, file, identities: secret }));
  for (const line of lines.split("\n").filter(Boolean)) {
    const { key, body } = JSON.parse(line) as LedgerCopy;
    if (body && !(await files.head(key))) await files.put(key, Buffer.from(body));
  }
  return newest.manifest.finishedAt;
}

const missing = ({ key }: FileEntry, place: string) =>
  new AppError("backup_damaged", `the file ${key} is not in ${place}`);

function explain({ repository }: ListedBackup, entry: FileEntry): (error: unknown) => never {
  return error => {
    const isAbsent = error instanceof AppError && error.code === "not_found";
    throw isAbsent ? missing(entry, `${repository.storage.description}, ${objectsFolder(repository)}`) : error;
  };
}
