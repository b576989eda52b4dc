import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { createInflateRaw } from "node:zlib";
import { through } from "#platform/through.ts";
import type { ByteRange } from "./storage.ts";

export type RangeReader = { sizeBytes: number; read(range: ByteRange): Promise<Readable> };

const signatures = { end: 0x06054b50, end64: 0x06064b50, locator64: 0x07064b50, entry: 0x02014b50 };
const endBytes = 22;
const maxCommentBytes = 0xffff;
const in64 = 0xffffffff;
const stored = 0;
const deflated = 8;

/**
 * The files of a zip, unpacked, by its list at the end; also of a large one (Zip64).
 * @throws Error if it is no zip, damaged, encrypted, or packed in another way
 */
export async function* zipEntries(zip: RangeReader): AsyncGenerator<{ name: string; body: Readable }> {
  const bytesOf = async (from: number, until: number) => buffer(await zip.read({ from, until }));
  const tailFrom = Math.max(0, zip.sizeBytes - endBytes - maxCommentBytes);
  const tail = await bytesOf(tailFrom, zip.sizeBytes);
  const end = tail.lastIndexOf(littleEndian(signatures.end));
  if (end < 0) throw new Error("it has no list of its files");
  let [size, offset] = [tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
  if (offset === in64 || size === in64) {
    const locator = tail.readUInt32LE(end - 20) === signatures.locator64 ? Number(tail.readBigUInt64LE(end - 12)) : -1;
    const end64 = await bytesOf(locator, locator + 56);
    if (locator < 0 || end64.readUInt32LE(0) !== signatures.end64) throw new Error("its list of files is damaged");
    [size, offset] = [Number(end64.readBigUInt64LE(40)), Number(end64.readBigUInt64LE(48))];
  }
  const list = await bytesOf(offset, offset + size);
  for (let at = 0; at < list.length; ) {
    const entry = readEntry(list, at);
    at = entry.next;
    const head = await bytesOf(entry.offset, entry.offset + 30);
    const from = entry.offset + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
    const packed = await zip.read({ from, until: from + entry.packedBytes });
    yield { name: entry.name, body: entry.method === deflated ? through(packed, createInflateRaw()) : packed };
  }
}

function readEntry(list: Buffer, at: number) {
  if (list.readUInt32LE(at) !== signatures.entry) throw new Error("its list of files is damaged");
  const method = list.readUInt16LE(at + 10);
  const isEncrypted = (list.readUInt16LE(at + 8) & 1) === 1;
  if (isEncrypted || (method !== stored && method !== deflated))
    throw new Error("it is encrypted, or packed by an unknown way");
  const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map(place => list.readUInt16LE(at + place)) as [
    number,
    number,
    number,
  ];
  const extraAt = at + 46 + nameBytes;
  const large = findLarge(list.subarray(extraAt, extraAt + extraBytes));
  // In this order, each only if its place says that it is too large.
  const take = (value: number) => (value === in64 ? Number(large.shift() ?? 0n) : value);
  take(list.readUInt32LE(at + 24));
  const packedBytes = take(list.readUInt32LE(at + 20));
  return {
    name: list.toString("utf8", at + 46, extraAt),
    method,
    packedBytes,
    offset: take(list.readUInt32LE(at + 42)),
    next: extraAt + extraBytes + commentBytes,
  };
}

/** The numbers of 64 bits in the extra fields of an entry. */
function findLarge(extra: Buffer): bigint[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    const length = extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) !== 1) continue;
    return Array.from({ length: Math.floor(length / 8) }, (_, i) => extra.readBigUInt64LE(at + 4 + 8 * i));
  }
  return [];
}

function littleEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
