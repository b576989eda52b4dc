import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { baseFolder, type ListedBackup, type Repository } from "#database/backup/repository.ts";
import { listErasedFiles } from "#database/privacy/erased-files.ts";
import { createCounter } from "#platform/storage/counted.ts";
import { readBack } from "#platform/storage/read-back.ts";
import type { Storage } from "#platform/storage/storage.ts";
import { AppError } from "#protocol/errors.ts";
import { decrypt, encrypt } from "./encryption.ts";
import { getUnpacked } from "./packing.ts";

/**
 * The files of a backup are objects of the repository, named by what they hold, so that each is copied once:
 *
 *     backups/<name>/files/<sha256>                  as it is
 *     backups/<name>/files/<sha256>.<keys>.age       encrypted, with a hash of the public keys
 *     backups/<name>/base/<backup id>/files.ndjson   where each belongs, packed and encrypted as the backup is
 *     backups/<name>/base/<backup id>/objects.txt    the names of its objects: what may go is found without the secret key
 */
export const objectsFolder = ({ name }: { name: string }) => `backups/${name}/files/`;
export const objectsList = (repository: Repository, id: string) => `${baseFolder(repository, id)}objects.txt`;

/** What people sent, and months that left the database. Exports of the dashboard are left out: they can be made again. */
const prefixes = ["files/", "months/"];

const Entry = z.object({
  key: z.string(),
  sizeBytes: z.int(),
  /** null: it is in the bucket of the backup, and not copied */
  sha256: z.string().nullable().default(null),
  object: z.string().nullable().default(null),
});
export type FileEntry = z.infer<typeof Entry>;

/** An object of the ledger of erasures, in a backup's erasures.ndjson. */
export type LedgerCopy = { key: string; body: string };

type Copying = {
  repository: Repository;
  files: Storage;
  /** public keys of age */
  recipients: string[];
  signal?: AbortSignal | undefined;
};

/** Lists the files, without copying them: they are in the same bucket as the backup. */
export async function listFiles(files: Storage): Promise<FileEntry[]> {
  const entries: FileEntry[] = [];
  for (const prefix of prefixes)
    for await (const { key, sizeBytes } of files.list(prefix))
      entries.push({ key, sizeBytes, sha256: null, object: null });
  return entries;
}

/** Copies the files that the repository does not have, and reads each back. @returns where all of them are */
export async function copyFiles(p: Copying): Promise<{ entries: FileEntry[]; copiedBytes: number }> {
  const { repository, files, recipients, signal } = p;
  const ending = recipients.length > 0 ? `.${hashOf(recipients.toSorted().join()).slice(0, 8)}.age` : "";
  const entries: FileEntry[] = [];
  let copiedBytes = 0;
  for (const { key } of await listFiles(files)) {
    signal?.throwIfAborted();
    const counted = await readBack(files, key).catch(absent);
    if (!counted) continue; // deleted meanwhile
    const object = `${counted.sha256}${ending}`;
    const place = `${objectsFolder(repository)}${object}`;
    if (!(await repository.storage.head(place))) {
      await copyObject(p, key, place, counted.sha256);
      copiedBytes += counted.sizeBytes;
    }
    entries.push({ key, ...counted, object });
  }
  return { entries, copiedBytes };
}

async function copyObject({ repository, files, recipients }: Copying, key: string, place: string, sha256: string) {
  const plain = createCounter();
  const source = Readable.from(counting(await files.get(key), plain), { objectMode: false });
  const body = recipients.length > 0 ? await encrypt(source, recipients) : source;
  const { storage } = repository;
  const stored = await storage.put(place, body);
  const isSame = plain.result().sha256 === sha256 && (await readBack(storage, place)).sha256 === stored.sha256;
  if (isSame) return;
  await storage.delete(place);
  throw new AppError(
    "storage_unavailable",
    `${storage.description} does not give back what was stored in it, or the file ${key} changed meanwhile. Try again.`,
  );
}

async function* counting(body: Readable, counter: ReturnType<typeof createCounter>): AsyncGenerator<Buffer> {
  for await (const chunk of body) {
    counter.add(chunk);
    yield chunk;
  }
}

/** The files that a backup knows. @throws AppError "backup_damaged" */
export async function readFileEntries(
  { repository, id, manifest }: ListedBackup,
  identities: string[],
): Promise<FileEntry[]> {
  const file = manifest.files.find(({ name }) => name.startsWith("files.ndjson"));
  if (!file) throw new AppError("backup_damaged", "the list of files is missing");
  const { storage } = repository;
  const secret = manifest.encryption ? identities : null;
  const list = await text(await getUnpacked({ storage, folder: baseFolder(repository, id), file, identities: secret }));
  return list
    .split("\n")
    .filter(Boolean)
    .map(line => Entry.parse(JSON.parse(line)));
}

/** @throws AppError "not_found", "backup_damaged" at the end of the stream if a byte is not as it was */
export async function openObject(repository: Repository, entry: FileEntry, identities: string[]): Promise<Readable> {
  const place = `${objectsFolder(repository)}${entry.object}`;
  const stored = await repository.storage.get(place);
  const clear = place.endsWith(".age") ? await decrypt(stored, identities) : stored;
  return Readable.from(checked(clear, entry, place), { objectMode: false });
}

async function* checked(body: Readable, { sha256, key }: FileEntry, place: string): AsyncGenerator<Buffer> {
  const counter = createCounter();
  yield* counting(body, counter);
  if (counter.result().sha256 === sha256) return;
  throw new AppError("backup_damaged", `${place}, the copy of the file ${key}, is damaged: its bytes have changed.`);
}

/** Deletes the copies of files that were erased with a person. @returns how many */
export async function removeErasedCopies(repository: Repository, files: Storage): Promise<number> {
  let removed = 0;
  for (const { sha256 } of await listErasedFiles(files)) {
    const keys: string[] = [];
    for await (const { key } of repository.storage.list(`${objectsFolder(repository)}${sha256}`)) keys.push(key);
    for (const key of keys) await repository.storage.deleteAllVersions(key);
    removed += keys.length;
  }
  return removed;
}

/** A backup that runs may have found an object there and not be listed yet. */
const objectMinAgeMs = 86_400_000;

/** Deletes the copies that are in no backup. @returns how many */
export async function removeUnusedCopies(
  repository: Repository,
  kept: ListedBackup[],
  p: { now: Date; remove(key: string): Promise<void> },
): Promise<number> {
  const used = new Set<string>();
  for (const { id, manifest } of kept) {
    if (manifest.copiedFiles === null) continue;
    const list = await text(await repository.storage.get(objectsList(repository, id)));
    for (const object of list.split("\n")) used.add(object);
  }
  const folder = objectsFolder(repository);
  let removed = 0;
  for await (const { key, modifiedAt } of repository.storage.list(folder)) {
    if (used.has(key.slice(folder.length)) || p.now.getTime() - modifiedAt.getTime() < objectMinAgeMs) continue;
    await p.remove(key);
    removed++;
  }
  return removed;
}

const hashOf = (words: string) => createHash("sha256").update(words).digest("hex");

function absent(error: unknown): null {
  if (error instanceof AppError && error.code === "not_found") return null;
  throw error;
}
