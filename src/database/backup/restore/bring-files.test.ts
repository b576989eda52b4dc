import { createHash } from "node:crypto";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { expect, test } from "vitest";
import {
  copyFiles,
  listFiles,
  objectsFolder,
  objectsList,
  removeErasedCopies,
  removeUnusedCopies,
} from "#database/backup/base/copied-files.ts";
import { makeBackupKey } from "#database/backup/base/encryption.ts";
import { putPacked } from "#database/backup/base/packing.ts";
import type { BackupManifest } from "#database/backup/manifest.ts";
import { baseFolder, type ListedBackup } from "#database/backup/repository.ts";
import { recordErasedFile } from "#database/privacy/erased-files.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { openFolder } from "#platform/storage/folder.ts";
import type { Storage } from "#platform/storage/storage.ts";
import { bringFiles, checkFiles } from "./bring-files.ts";

const photo = Buffer.from("a photo");
const month = Buffer.from("a month with Ada");
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
const read = async (storage: Storage, key: string) => buffer(await storage.get(key));

/** A chat with three files, two of them the same, and a repository on another disk. */
async function setup(recipients: string[] = []) {
  const files = openFolder(makeFolder());
  await files.put("files/1/a.png", photo);
  await files.put("files/2/b.png", photo);
  await files.put("months/2026-01/x/1.ndjson.gz", month);
  await files.put("exports/1/made-again.csv", photo);
  const folder = makeFolder();
  const repository = { storage: openFolder(folder), name: "7300000000000000001" };
  const objects = () => readdirSync(join(folder, objectsFolder(repository))).sort();
  /** As runBackup() does, without the database. */
  async function backUp(id: string, isCopied = true): Promise<ListedBackup & { newBytes: number }> {
    const copied = isCopied ? await copyFiles({ repository, files, recipients }) : null;
    const entries = copied?.entries ?? (await listFiles(files));
    await repository.storage.put(objectsList(repository, id), Buffer.from(entries.map(e => e.object).join("\n")));
    const file = await putPacked({
      ...{ storage: repository.storage, folder: baseFolder(repository, id), name: "files.ndjson", packing: "gzip" },
      ...{ body: Readable.from(entries.map(each => Buffer.from(`${JSON.stringify(each)}\n`))), recipients },
    });
    const encryption = recipients.length > 0 ? { format: "age", recipients } : null;
    const manifest = { id, files: [file], encryption, copiedFiles: copied && {} } as unknown as BackupManifest;
    return {
      repository,
      id,
      manifest,
      sizeBytes: 0,
      verifications: [],
      walVerification: null,
      newBytes: copied?.copiedBytes ?? 0,
    };
  }
  return { files, folder, repository, objects, backUp };
}

test("what a file holds is copied once, and a later backup copies what is new", async () => {
  const { files, objects, backUp } = await setup();
  expect((await backUp("first")).newBytes).toBe(photo.length + month.length);
  expect(objects()).toEqual([sha256(photo), sha256(month)].sort());
  await files.put("files/3/c.png", photo);
  expect((await backUp("second")).newBytes).toBe(0);
  expect(objects()).toHaveLength(2);
});

test.each([false, true])("files that are lost come back, encrypted: %s", async isEncrypted => {
  const { identity, recipient } = await makeBackupKey();
  const { files, backUp } = await setup(isEncrypted ? [recipient] : []);
  const backup = await backUp("first");
  const where = { backup, identities: [identity], files };
  await checkFiles(where);
  await files.delete("files/1/a.png");
  await files.put("months/2026-01/x/1.ndjson.gz", Buffer.from("cut"));
  expect(await bringFiles(where)).toEqual({ restored: 2, present: 1, erased: 0, lost: [] });
  expect(await read(files, "files/1/a.png")).toEqual(photo);
  expect(await read(files, "months/2026-01/x/1.ndjson.gz")).toEqual(month);
  if (!isEncrypted) return;
  await files.delete("files/1/a.png");
  const other = await makeBackupKey();
  await expect(bringFiles({ ...where, identities: [other.identity] })).rejects.toMatchObject({ code: "backup_failed" });
});

test("a copy that is missing or has changed is found by the drill, and the others are restored", async () => {
  const { files, folder, repository, backUp } = await setup();
  const where = { backup: await backUp("first"), identities: [], files };
  writeFileSync(join(folder, objectsFolder(repository), sha256(photo)), "b photo");
  await expect(checkFiles(where)).rejects.toThrow(/the copy of the file files\/1\/a.png, is damaged/);
  for (const key of ["files/1/a.png", "files/2/b.png", "months/2026-01/x/1.ndjson.gz"]) await files.delete(key);
  const { restored, lost } = await bringFiles(where);
  expect({ restored, lost }).toEqual({
    restored: 1,
    lost: [expect.stringMatching(/a.png/), expect.stringMatching(/b.png/)],
  });
  await expect(read(files, "files/1/a.png")).rejects.toMatchObject({ code: "not_found" });
  await repository.storage.delete(`${objectsFolder(repository)}${sha256(photo)}`);
  await expect(checkFiles(where)).rejects.toMatchObject({ code: "backup_damaged" });
});

test("in the same bucket files are listed and looked for", async () => {
  const { files, backUp } = await setup();
  const where = { backup: await backUp("first", false), identities: [], files };
  await checkFiles(where);
  await files.delete("files/1/a.png");
  await expect(checkFiles(where)).rejects.toThrow(/the file files\/1\/a.png is not in/);
  expect((await bringFiles(where)).lost).toHaveLength(1);
});

test("a file that was erased with a person leaves the repository, and no restore brings it back", async () => {
  const { files, repository, objects, backUp } = await setup();
  const where = { backup: await backUp("first"), identities: [], files };
  const replaced = { before: "months/2026-01/x/manifest.json", after: "months/2026-01/x/manifest-2.json" };
  await recordErasedFile(files, { sha256: sha256(month), erasedAt: new Date().toISOString(), replaced });
  await files.delete("months/2026-01/x/1.ndjson.gz");
  expect(await bringFiles(where)).toMatchObject({ restored: 0, erased: 1, lost: [] });
  expect(await removeErasedCopies(repository, files)).toBe(1);
  expect(objects()).toEqual([sha256(photo)]);
  await checkFiles(where);
});

test("copies that are in no backup are deleted after a day", async () => {
  const { files, repository, objects, backUp } = await setup();
  await backUp("first");
  await files.delete("months/2026-01/x/1.ndjson.gz");
  const second = await backUp("second");
  const remove = (key: string) => repository.storage.delete(key);
  const tomorrow = new Date(Date.now() + 2 * 86_400_000);
  expect(await removeUnusedCopies(repository, [second], { now: new Date(), remove })).toBe(0);
  expect(await removeUnusedCopies(repository, [second], { now: tomorrow, remove })).toBe(1);
  expect(objects()).toEqual([sha256(photo)]);
});
