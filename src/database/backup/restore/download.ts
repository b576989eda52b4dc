import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { objectsFolder, objectsList } from "#database/backup/base/copied-files.ts";
import { baseFolder, type ListedBackup } from "#database/backup/repository.ts";
import type { StoredObject } from "#platform/storage/storage.ts";
import { sizeOfTar, writeTar } from "#platform/storage/tar.ts";
import { AppError } from "#protocol/errors.ts";

/**
 * A whole backup as one tar, with its files: unpacked into an empty folder it is a repository, which `prochat restore --from`
 * takes. The WAL since then is not part of it.
 */
export async function openDownload(backup: ListedBackup): Promise<{ name: string; sizeBytes: number; body: Readable }> {
  const { storage } = backup.repository;
  const entries = (await listObjects(backup)).map(({ key, sizeBytes, modifiedAt }) => ({
    name: key,
    sizeBytes,
    modifiedAt,
    open: async () => (await storage.get(key)) as AsyncIterable<Buffer>,
  }));
  const body = Readable.from(writeTar(entries), { objectMode: false });
  return { name: `prochat-backup-${backup.id}.tar`, sizeBytes: sizeOfTar(entries), body };
}

/** The manifest is the last one: a tar that was cut unpacks to no backup. */
async function listObjects({ repository, id, manifest }: ListedBackup): Promise<StoredObject[]> {
  const { storage, name } = repository;
  const folder = baseFolder(repository, id);
  const found: StoredObject[] = [];
  for await (const object of storage.list(folder)) found.push(object);
  const copies = manifest.copiedFiles ? await text(await storage.get(objectsList(repository, id))) : "";
  for (const object of new Set(copies.split("\n").filter(Boolean))) {
    const head = await storage.head(`${objectsFolder(repository)}${object}`);
    if (head) found.push(head); // otherwise it was erased with a person
  }
  const last = found.find(({ key }) => key === `${folder}backup.json`);
  const registered = await storage.head(`backups/repositories/${name}`);
  if (!last || !registered) throw new AppError("not_found", `The backup ${id} is not there any more.`);
  return [registered, ...found.filter(object => object !== last), last];
}
