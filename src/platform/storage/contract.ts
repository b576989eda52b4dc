import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { checkStorage, readBack } from "./read-back.ts";
import type { Storage } from "./storage.ts";

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

async function read(storage: Storage, key: string, range?: { from: number; until: number }): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of await storage.get(key, range)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export async function keysOf(storage: Storage, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of storage.list(prefix)) keys.push(key);
  return keys;
}

/** What each kind of store must do, in the same words. @param open  a store of its own, which is empty */
export function testStorage(open: Open): void {
  testObjects(open);
  testKeys(open);
}

type Open = () => Promise<Storage> | Storage;

function testObjects(open: Open) {
  test("what was put is got back, whole and in ranges", async () => {
    const storage = await open();
    const bytes = randomBytes(300_000);
    expect(await storage.put("files/7/a.bin", bytes)).toEqual({ sizeBytes: 300_000, sha256: sha256(bytes) });
    expect(await storage.head("files/7/a.bin")).toEqual({
      key: "files/7/a.bin",
      sizeBytes: 300_000,
      modifiedAt: expect.any(Date),
    });
    expect((await read(storage, "files/7/a.bin")).equals(bytes)).toBe(true);
    expect((await read(storage, "files/7/a.bin", { from: 5, until: 9 })).equals(bytes.subarray(5, 9))).toBe(true);
    expect((await read(storage, "files/7/a.bin", { from: 299_990, until: 400_000 })).length).toBe(10);
    expect((await read(storage, "files/7/a.bin", { from: 9, until: 9 })).length).toBe(0);
    expect((await read(storage, "files/7/a.bin", { from: 300_000, until: 300_009 })).length).toBe(0);
    expect(await readBack(storage, "files/7/a.bin")).toEqual({ sizeBytes: 300_000, sha256: sha256(bytes) });
    await checkStorage(storage);
  });

  test("an object may be empty, and a put replaces it", async () => {
    const storage = await open();
    await storage.put("a/b", Buffer.from("the first, which is longer"));
    await storage.put("a/b", Buffer.from("second"));
    expect(String(await read(storage, "a/b"))).toBe("second");
    await storage.put("a/b", Buffer.alloc(0));
    expect(await storage.head("a/b")).toMatchObject({ sizeBytes: 0 });
    expect((await read(storage, "a/b")).length).toBe(0);
  });

  test("a stream of many parts is stored whole", async () => {
    const storage = await open();
    const chunk = randomBytes(1_000_003);
    const bytes = Buffer.concat(Array.from({ length: 40 }, () => chunk));
    const written = await storage.put("large", Readable.from(Array.from({ length: 40 }, () => chunk)));
    expect(written).toEqual({ sizeBytes: bytes.length, sha256: sha256(bytes) });
    expect(await readBack(storage, "large")).toEqual(written);
    const range = { from: 16_000_000, until: 34_000_000 };
    expect((await read(storage, "large", range)).equals(bytes.subarray(range.from, range.until))).toBe(true);
  });

  test.each([1, 20])("a body that fails after %d MB changes nothing", async megabytes => {
    const storage = await open();
    await storage.put("kept", Buffer.from("as it was"));
    const body = Readable.from(
      (function* () {
        for (let i = 0; i < megabytes; i++) yield randomBytes(1_000_000);
        throw new Error("the source broke");
      })(),
    );
    await expect(storage.put("kept", body)).rejects.toThrow("the source broke");
    expect(String(await read(storage, "kept"))).toBe("as it was");
    expect(await keysOf(storage, "")).toEqual(["kept"]);
  });
}

function testKeys(open: Open) {
  test("objects are listed in the order of their keys, by prefix", async () => {
    const storage = await open();
    const keys = ["a-b", "a.b", "a/b", "a/b.c", "a/b-c", "a=/x/y", "ab", "b/1", "b/10", "b/2", "Z"].sort();
    for (const key of [...keys].reverse()) await storage.put(key, Buffer.from(key));
    expect(await keysOf(storage, "")).toEqual(keys);
    expect(await keysOf(storage, "a/")).toEqual(["a/b", "a/b-c", "a/b.c"]);
    expect(await keysOf(storage, "a")).toEqual(keys.filter(key => key.startsWith("a")));
    expect(await keysOf(storage, "b/1")).toEqual(["b/1", "b/10"]);
    expect(await keysOf(storage, "nothing/")).toEqual([]);
  });

  test("a deleted object is gone, and deleting it again succeeds", async () => {
    const storage = await open();
    await storage.put("x/y/z", Buffer.from("z"));
    await storage.put("x/y/z2", Buffer.from("another"));
    await storage.delete("x/y/z");
    await storage.delete("x/y/z");
    expect(await storage.head("x/y/z")).toBeNull();
    await expect(storage.get("x/y/z")).rejects.toMatchObject({ code: "not_found" });
    expect(await storage.deleteAllVersions("x/y/z2")).toBe(1);
    expect(await storage.deleteAllVersions("x/y/z2")).toBe(0);
    expect(await keysOf(storage, "")).toEqual([]);
    await expect(storage.get("never")).rejects.toMatchObject({ code: "not_found" });
  });

  test.each([
    "",
    "/",
    "../out",
    "a/../b",
    "/etc/passwd",
    "a//b",
    "a/",
    "./a",
    ".unfinished/a",
    "a\\b",
    "ä",
    "a\0b",
    "a b",
  ])("the key %j is refused", async key => {
    const storage = await open();
    const refused = { code: "invalid_request" };
    await expect(storage.put(key, Buffer.from("x"))).rejects.toMatchObject(refused);
    await expect(storage.get(key)).rejects.toMatchObject(refused);
    await expect(storage.head(key)).rejects.toMatchObject(refused);
    await expect(storage.delete(key)).rejects.toMatchObject(refused);
    await expect(storage.deleteAllVersions(key)).rejects.toMatchObject(refused);
  });
}
