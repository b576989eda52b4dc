import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { expect, test } from "vitest";
import { makeFolder } from "#lab/programs/folders.ts";
import { sizeOfTar, type TarEntry, writeTar } from "./tar.ts";

const entry = (name: string, bytes: Buffer): TarEntry => ({
  name,
  sizeBytes: bytes.length,
  modifiedAt: new Date("2026-11-29T02:00:00Z"),
  open: async () => [bytes] as unknown as AsyncIterable<Buffer>,
});

test("the system's tar unpacks what was written, and its size was known before", async () => {
  const long = `${"folder/".repeat(15)}${"a".repeat(90)}`;
  const files = { "a/b.txt": Buffer.from("hello"), [long]: Buffer.alloc(5_000, 7), "a/empty": Buffer.alloc(0) };
  const entries = Object.entries(files).map(([name, bytes]) => entry(name, bytes));
  const tar = await buffer(writeTar(entries));
  expect(tar.length).toBe(sizeOfTar(entries));
  const folder = makeFolder();
  writeFileSync(join(folder, "a.tar"), tar);
  execFileSync("tar", ["xf", "a.tar"], { cwd: folder });
  for (const [name, bytes] of Object.entries(files)) expect(readFileSync(join(folder, name)), name).toEqual(bytes);
  expect(readdirSync(folder).sort()).toEqual(["a", "a.tar", "folder"]);
});

test("a file of more than 8 GB is listed with its size", async () => {
  const sizeBytes = 9 * 2 ** 30;
  const large: TarEntry = { ...entry("large", Buffer.alloc(0)), sizeBytes };
  const { value } = await writeTar([large]).next();
  const folder = makeFolder();
  writeFileSync(join(folder, "head.tar"), value as Buffer);
  const listed = execFileSync("sh", ["-c", "tar tvf head.tar 2>/dev/null || true"], { cwd: folder }).toString();
  expect(listed).toContain(String(sizeBytes));
});

test("a file that changes while it is read fails the archive", async () => {
  for (const open of [async () => [Buffer.from("longer")], async () => []] as unknown as TarEntry["open"][]) {
    await expect(buffer(writeTar([{ ...entry("a", Buffer.from("abc")), open }]))).rejects.toThrow(/a has changed/);
  }
});
