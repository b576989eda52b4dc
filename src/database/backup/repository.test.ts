import { buffer } from "node:stream/consumers";
import { expect, test } from "vitest";
import { connectDirectly } from "#database/direct-connection.ts";
import { manifestOf } from "#lab/backups/manifest.ts";
import { cloneDatabase } from "#lab/clusters/databases.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { openFolder } from "#platform/storage/folder.ts";
import type { Storage } from "#platform/storage/storage.ts";
import {
  baseFolder,
  findRepository,
  listBackups,
  listRepositories,
  newId,
  registerRepository,
  writeManifest,
  writeVerification,
} from "./repository.ts";

const inFolder = () => openFolder(makeFolder());
const repositoryIn = (storage: Storage) => ({ storage, name: "7300000000000000001" });
const earlier = "20261128T020000Z-00aa";
const later = "20261129T020000Z-00bb";

test("complete backups are listed, newest first, with their verifications; others never", async () => {
  const storage = inFolder();
  const repository = repositoryIn(storage);
  await registerRepository(repository);
  for (const id of [earlier, later]) await writeManifest(repository, manifestOf(id));
  await storage.put(`${baseFolder(repository, "20261130T020000Z-00cc")}base.tar.zst`, Buffer.from("half"));
  for (const [at, outcome] of [
    ["2026-11-29T03:00:00.000Z", "failed"],
    ["2026-11-29T04:00:00.000Z", "verified"],
  ] as const) {
    await writeVerification(repository, later, {
      by: "drill",
      outcome,
      reason: null,
      at,
      seconds: 1,
      programVersion: "0",
    });
  }

  expect(await listRepositories(storage)).toEqual([repository]);
  const { backups, damaged } = await listBackups(repository);
  expect(backups.map(({ id }) => id)).toEqual([later, earlier]);
  expect(backups[0]!.verifications.map(({ outcome }) => outcome)).toEqual(["verified", "failed"]);
  expect(damaged).toEqual([]);
});

test("a flipped bit anywhere in a manifest is noticed, and the other backups are listed", async () => {
  const storage = inFolder();
  const repository = repositoryIn(storage);
  for (const id of [earlier, later]) await writeManifest(repository, manifestOf(id));
  const key = `${baseFolder(repository, later)}backup.json`;
  const bytes = await buffer(await storage.get(key));
  for (let at = 0; at < bytes.length; at += 7) {
    const flipped = Buffer.from(bytes);
    flipped[at]! ^= 1;
    await storage.put(key, flipped);
    const { backups, damaged } = await listBackups(repository);
    expect([backups.map(({ id }) => id), damaged.map(({ id }) => id)]).toEqual([[earlier], [later]]);
  }
});

test("the manifest of another cluster or of another backup is refused", async () => {
  const storage = inFolder();
  const repository = repositoryIn(storage);
  await writeManifest({ storage, name: "7300000000000000002" }, manifestOf(later));
  await writeManifest(repository, manifestOf(earlier));
  await storage.put(
    `${baseFolder(repository, later)}backup.json`,
    await storage.get(`${baseFolder(repository, earlier)}backup.json`),
  );
  expect((await listBackups(repository)).damaged).toMatchObject([{ id: later }]);
  expect((await listBackups({ storage, name: "7300000000000000002" })).damaged).toMatchObject([{ id: later }]);
});

test("a cluster that was restored has another repository than the original", async () => {
  const database = await cloneDatabase();
  const client = await connectDirectly(database.url);
  try {
    const original = await findRepository(inFolder(), client);
    const { rows } = await client.query("select system_identifier::text as identifier from pg_control_system()");
    expect(original.name).toBe(rows[0].identifier);
    await client.query("insert into restores (id, backup_id, restored_at) values ($1, $2, now())", [
      newId(new Date()),
      later,
    ]);
    const restored = await findRepository(inFolder(), client);
    expect(restored.name).toMatch(new RegExp(`^${original.name}-\\d{8}T\\d{6}Z-[0-9a-f]{4}$`));
  } finally {
    await client.end();
    await database.drop();
  }
});
