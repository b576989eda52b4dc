import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createZstdDecompress } from "node:zlib";
import type { Storage } from "./storage.ts";

/**
 * The keys of objects that hold one of these texts in their name or body, capital or small. What is compressed with gzip or
 * zstd is read unpacked.
 * @param isLeftOut  keys that are not read
 */
export async function* findText(
  storage: Storage,
  texts: string[],
  isLeftOut: (key: string) => boolean,
): AsyncGenerator<string> {
  const wanted = texts.map(text => text.toLowerCase());
  for await (const { key } of storage.list("")) {
    if (isLeftOut(key)) continue;
    if (wanted.some(text => key.toLowerCase().includes(text)) || (await holds(storage, key, wanted))) yield key;
  }
}

async function holds(storage: Storage, key: string, wanted: string[]): Promise<boolean> {
  const longest = Math.max(...wanted.map(text => text.length));
  let isFound = false;
  let tail = "";
  const search = new Transform({
    decodeStrings: false,
    encoding: "utf8",
    transform(chunk: string | Buffer, _encoding, done) {
      const text = tail + chunk.toString().toLowerCase();
      isFound ||= wanted.some(each => text.includes(each));
      tail = text.slice(-longest);
      done();
    },
  });
  const unpack = key.endsWith(".gz") ? [createGunzip()] : key.endsWith(".zst") ? [createZstdDecompress()] : [];
  const body = await storage.get(key);
  const [first, ...rest] = [...unpack, search];
  search.resume();
  await pipeline([body, first!, ...rest]);
  return isFound;
}
