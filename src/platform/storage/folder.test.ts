import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { canMount, isRoot, makeFolder, mountDisk } from "#lab/programs/folders.ts";
import { startProgram } from "#lab/programs/programs.ts";
import { keysOf, testStorage } from "./contract.ts";
import { openFolder } from "./folder.ts";

testStorage(() => openFolder(join(makeFolder(), "files")));

test("only the server's user may read the files", async () => {
  const folder = join(makeFolder(), "files");
  await openFolder(folder).put("a/b", Buffer.from("x"));
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, "a/b")).mode & 0o777).toBe(0o600);
});

test("readers see the old object or the new one, never a part", async () => {
  const storage = openFolder(makeFolder());
  const bodies = ["a", "b"].map(letter => Buffer.alloc(3_000_000, letter));
  await storage.put("k", bodies[0]!);
  let isWriting = true;
  const writing = (async () => {
    for (let i = 0; i < 20; i++)
      await storage.put("k", Readable.from([bodies[i % 2]!.subarray(0, 999), bodies[i % 2]!.subarray(999)]));
    isWriting = false;
  })();
  let reads = 0;
  while (isWriting) {
    const chunks: Buffer[] = [];
    for await (const chunk of await storage.get("k")) chunks.push(chunk);
    const found = Buffer.concat(chunks);
    expect(bodies.some(body => body.equals(found))).toBe(true);
    reads++;
  }
  await writing;
  expect(reads).toBeGreaterThan(1);
});

test("puts and deletes in one folder do not disturb each other", async () => {
  const storage = openFolder(makeFolder());
  await Promise.all(
    Array.from({ length: 30 }, async (_, i) => {
      await storage.put(`same/folder/${i}`, Buffer.from("x"));
      await storage.delete(`same/folder/${i}`);
    }),
  );
  expect(await keysOf(storage, "")).toEqual([]);
});

test("a process that is killed while it writes leaves no object, and what it left goes after a day", async () => {
  const folder = makeFolder();
  const program = startProgram("src/platform/storage/write-forever.ts", [folder]);
  await program.firstLine;
  program.process.kill("SIGKILL");
  await program.ended;
  const left = readdirSync(join(folder, ".unfinished"));
  expect(left).toHaveLength(1);
  expect(await keysOf(openFolder(folder), "")).toEqual([]);

  await openFolder(folder).put("k", Buffer.from("x"));
  expect(readdirSync(join(folder, ".unfinished"))).toEqual(left); // another process may still write it
  const twoDaysAgo = Date.now() / 1000 - 2 * 86_400;
  utimesSync(join(folder, ".unfinished", left[0]!), twoDaysAgo, twoDaysAgo);
  await openFolder(folder).put("k", Buffer.from("x"));
  expect(readdirSync(join(folder, ".unfinished"))).toEqual([]);
});

test("a link does not lead out of the folder", async () => {
  const outside = makeFolder();
  writeFileSync(join(outside, "secret"), "not ours");
  const folder = join(makeFolder(), "files");
  mkdirSync(folder);
  symlinkSync(outside, join(folder, "way-out"));
  symlinkSync(join(outside, "secret"), join(folder, "secret"));
  const storage = openFolder(folder);
  await expect(storage.get("way-out/secret")).rejects.toThrow("leads out of");
  await expect(storage.get("secret")).rejects.toMatchObject({ code: "storage_unavailable" });
  await expect(storage.put("way-out/new", Buffer.from("x"))).rejects.toThrow("leads out of");
  await expect(storage.delete("way-out/secret")).rejects.toThrow("leads out of");
  expect(await keysOf(storage, "")).toEqual([]);
  expect(readdirSync(outside)).toEqual(["secret"]);
  expect(readFileSync(join(outside, "secret"), "utf8")).toBe("not ours");
});

test("the folder itself may be a link", async () => {
  const folder = join(makeFolder(), "link");
  symlinkSync(makeFolder(), folder);
  const storage = openFolder(folder);
  await storage.put("a/b", Buffer.from("x"));
  expect(await storage.head("a/b")).toMatchObject({ sizeBytes: 1 });
});

test.runIf(canMount)("a full disk is named, and the old object stays", async () => {
  const folder = mountDisk(4);
  const storage = openFolder(folder);
  await storage.put("k", Buffer.from("as it was"));
  await expect(storage.put("k", Buffer.alloc(8_000_000))).rejects.toThrow(
    expect.objectContaining({ code: "storage_unavailable", message: expect.stringContaining("the disk is full") }),
  );
  expect(await storage.head("k")).toMatchObject({ sizeBytes: 9 });
  expect(readdirSync(join(folder, ".unfinished"))).toEqual([]);
});

test("a folder that may not be written is named", async () => {
  const folder = makeFolder();
  chmodSync(folder, 0o500);
  const program = startProgram("src/platform/storage/write-forever.ts", [folder], isRoot ? { uid: 65534 } : {});
  expect((await program.ended).stderr).toContain("may not be read or written");
});

test("a file in the place of the folder is named: its objects are not missing, they are away", async () => {
  const folder = join(makeFolder(), "files");
  writeFileSync(folder, "");
  const storage = openFolder(folder);
  const looks = [
    () => storage.head("a/b"),
    () => storage.get("a/b"),
    () => storage.delete("a/b"),
    () => keysOf(storage, "a/"),
  ];
  for (const look of looks) await expect(look()).rejects.toMatchObject({ code: "storage_unavailable" });
});

test("a file in the way is named", async () => {
  const storage = openFolder(makeFolder());
  await storage.put("a", Buffer.from("x"));
  await expect(storage.put("a/b", Buffer.from("x"))).rejects.toThrow("a file and a folder want the same name");
  expect(await storage.head("a/b")).toBeNull();
});
