import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { StringDecoder } from "node:string_decoder";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { through } from "#platform/through.ts";
import { AppError } from "#protocol/errors.ts";
import { spellingsOf } from "./spellings.ts";
import type { ByteRange, Storage, StoredObject } from "./storage.ts";
import { type RangeReader, zipEntries } from "./zip-entries.ts";

export type TextPlace = {
  key: string;
  /** true: a bucket keeps it from before the object was replaced or deleted */
  isEarlier: boolean;
  /** why it could not be read, so that nothing can be said of it */
  problem: string | null;
};

/**
 * The objects that hold one of these texts in their name or body, capital or small, and those that cannot be read; with the
 * earlier versions that a bucket keeps. What is packed is read unpacked, whatever its name: gzip, zstd, zip and Parquet.
 * @param isLeftOut  keys that are not read
 */
export async function* findText(
  storage: Storage,
  texts: string[],
  isLeftOut: (key: string) => boolean,
): AsyncGenerator<TextPlace> {
  const wanted = spellingsOf(texts);
  for await (const object of storage.list("")) yield* look(object);
  for await (const object of storage.listEarlierVersions()) yield* look(object, object.versionId);

  async function* look({ key, sizeBytes }: StoredObject, versionId?: string): AsyncGenerator<TextPlace> {
    if (isLeftOut(key)) return;
    const place = { key, isEarlier: versionId !== undefined, problem: null };
    const read = (range?: ByteRange) => storage.get(key, range, versionId);
    try {
      const isNamed = wanted.some(text => key.toLowerCase().includes(text));
      if (isNamed || (await isIn({ sizeBytes, read }, wanted))) yield place;
    } catch (error) {
      if (error instanceof AppError && error.code === "storage_unavailable") throw error;
      if (error instanceof AppError && error.code === "not_found") return; // deleted meanwhile
      yield { ...place, problem: (error as Error).message };
    }
  }
}

type Body = RangeReader & { read(range?: ByteRange): Promise<Readable> };

const magic = {
  gzip: Buffer.from([0x1f, 0x8b]),
  zstd: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]),
  zip: Buffer.from("PK\x03\x04"),
  parquet: Buffer.from("PAR1"),
};

async function isIn(body: Body, wanted: string[]): Promise<boolean> {
  const head = await buffer(await body.read({ from: 0, until: 4 }));
  const is = (kind: keyof typeof magic) => head.indexOf(magic[kind]) === 0;
  if (is("parquet")) return isInParquet(body, wanted);
  if (is("zip")) return isInZip(body, wanted);
  const packed = await body.read();
  if (is("gzip")) return isInStream(through(packed, createGunzip()), wanted);
  return isInStream(is("zstd") ? through(packed, createZstdDecompress()) : packed, wanted);
}

async function isInZip(body: Body, wanted: string[]): Promise<boolean> {
  for await (const entry of zipEntries(body)) {
    if (wanted.some(text => entry.name.toLowerCase().includes(text))) return true;
    if (await isInStream(entry.body, wanted)) return true;
  }
  return false;
}

/** A group of its rows at a time is in memory. */
async function isInParquet(body: Body, wanted: string[]): Promise<boolean> {
  const file = {
    byteLength: body.sizeBytes,
    async slice(from: number, until = body.sizeBytes) {
      const { buffer: bytes, byteOffset, length } = Buffer.from(await buffer(await body.read({ from, until })));
      return bytes.slice(byteOffset, byteOffset + length) as ArrayBuffer;
    },
  };
  const metadata = await parquetMetadataAsync(file);
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    for (const row of await parquetReadObjects({ file, metadata, rowStart, rowEnd })) {
      const text = Object.values(row).map(written).join("\n").toLowerCase();
      if (wanted.some(each => text.includes(each))) return true;
    }
    rowStart = rowEnd;
  }
  return false;
}

const written = (value: unknown) => (typeof value === "object" ? JSON.stringify(value) : String(value));

/** To its end: a stream of several parts that is left in the middle fails where nobody waits for it. */
async function isInStream(body: Readable, wanted: string[]): Promise<boolean> {
  const longest = Math.max(...wanted.map(text => text.length));
  const decoder = new StringDecoder("utf8");
  let isFound = false;
  let tail = "";
  for await (const chunk of body as AsyncIterable<Buffer>) {
    const text = tail + decoder.write(chunk).toLowerCase();
    isFound ||= wanted.some(each => text.includes(each));
    tail = text.slice(-longest);
  }
  return isFound;
}
