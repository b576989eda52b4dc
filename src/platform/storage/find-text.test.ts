import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ZipFile } from "yazl";
import { findText } from "./find-text.ts";
import { openFolder } from "./folder.ts";
import type { Storage } from "./storage.ts";

let folder: string;
let storage: Storage;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "prochat-find-text-"));
  storage = openFolder(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function find(...texts: string[]) {
  const found = [];
  for await (const { key, problem } of findText(storage, texts, key => key.startsWith("left-out/"))) {
    found.push(problem === null ? key : `${key}: unreadable`);
  }
  return found;
}

/** @param isLarge  with numbers of 64 bits, as a zip of more than 4 GB has them */
async function zipOf(name: string, text: string, isLarge = false): Promise<Buffer> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from("of somebody else"), "other.json", { forceZip64Format: isLarge });
  zip.addBuffer(Buffer.from(text), name, { forceZip64Format: isLarge });
  zip.end({ forceZip64Format: isLarge, comment: "" });
  return buffer(zip.outputStream);
}

const parquetOf = (...bodies: string[]) =>
  Buffer.from(
    parquetWriteBuffer({
      columnData: [{ name: "body", data: bodies, type: "STRING" }],
      rowGroupSize: 2,
    }) as ArrayBuffer,
  );

test("a text is found however the object is packed and named, and only there", async () => {
  const text = "Ada wrote this 🚲 here";
  await storage.put("plain", Buffer.from(text));
  await storage.put("packed.bin", gzipSync(text));
  await storage.put("packed.zst", zstdCompressSync(text));
  await storage.put("data.zip", await zipOf("messages.json", text));
  await storage.put("large.zip", await zipOf("messages.json", text, true));
  await storage.put("of-Ada.zip", await zipOf("ada wrote this 🚲 here.json", ""));
  await storage.put("rows.parquet", parquetOf("one", "two", "three", `Said: ${text}`));
  await storage.put("left-out/plain", Buffer.from(text));
  await storage.put("others.zip", await zipOf("messages.json", "Ben wrote this"));
  await storage.put("others.parquet", parquetOf("Ben"));
  await storage.put("empty", Buffer.alloc(0));
  const all = ["data.zip", "large.zip", "of-Ada.zip", "packed.bin", "packed.zst", "plain", "rows.parquet"];
  expect(await find("ADA wrote THIS 🚲")).toEqual(all);
  expect(await find("nobody")).toEqual([]);
});

test("a text with quotes is found as JSON and CSV write it, and across the parts of a stream", async () => {
  const name = 'Ada "the first" \\ King';
  await storage.put("quoted.json", Buffer.from(JSON.stringify({ name })));
  await storage.put("quoted.csv", Buffer.from(`"${name.replaceAll('"', '""')}"`));
  const [before, after] = [Buffer.alloc(65_530, "é"), Buffer.alloc(100, "x")];
  await storage.put("split", Buffer.concat([before, Buffer.from(name), after]));
  expect(await find(name)).toEqual(["quoted.csv", "quoted.json", "split"]);
});

test("what cannot be read is named: nothing is claimed of it", async () => {
  await storage.put("cut.zip", (await zipOf("a.json", "text")).subarray(0, 60));
  await storage.put("cut.gz", gzipSync(randomBytes(1000)).subarray(0, 500));
  await storage.put("cut.parquet", parquetOf("one").subarray(0, 30));
  expect(await find("nobody")).toEqual(["cut.gz", "cut.parquet", "cut.zip"].map(key => `${key}: unreadable`));
});
