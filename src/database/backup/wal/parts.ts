import { partsFolder, readPacked, storePacked, type WalArchive } from "./archive.ts";

/** Bytes `[from, until)` of a segment. Level 1 replaces 16 parts of level 0, and so on. */
export type Part = { from: number; until: number; level: number };

/**
 * How many parts of a level are stored as one of the next. An idle chat takes days to fill a segment: with a part each 10 s it
 * would be restored from 40,000 of them. So there are at most 15 a level, and each byte is stored once a level.
 */
const partsPerLevel = 16;

const hex8 = (value: number) => value.toString(16).padStart(8, "0");

export const partKey = (archive: WalArchive, segment: string, { from, until, level }: Part) =>
  `${partsFolder(archive, segment)}${hex8(from)}-${hex8(until)}-${level}.zst${archive.cipher ? ".age" : ""}`;

/** @returns null if it is no part's key */
export function parsePartKey(key: string): Part | null {
  const [, from, until, level] = /\/([0-9a-f]{8})-([0-9a-f]{8})-(\d)\.zst(?:\.age)?$/.exec(key) ?? [];
  if (!from || !until || !level) return null;
  return { from: Number.parseInt(from, 16), until: Number.parseInt(until, 16), level: Number(level) };
}

export async function listParts(archive: WalArchive, segment: string): Promise<Part[]> {
  const parts: Part[] = [];
  for await (const { key } of archive.storage.list(partsFolder(archive, segment))) {
    const part = parsePartKey(key);
    if (part) parts.push(part);
  }
  return parts;
}

/** The fewest parts that hold the segment from its start for as long as possible, in order. */
export function coverOf(parts: Part[]): Part[] {
  const cover: Part[] = [];
  for (let end = 0; ; ) {
    const next = parts.filter(({ from, until }) => from === end && until > end).sort((a, b) => b.until - a.until)[0];
    if (!next) return cover;
    cover.push(next);
    end = next.until;
  }
}

export const endOf = (cover: Part[]) => cover.at(-1)?.until ?? 0;

/**
 * Stores the bytes from the cover's end on, and merges parts where there are enough.
 * @param bytes  the segment from its start
 * @returns the new cover
 */
export async function storePart(archive: WalArchive, segment: string, cover: Part[], bytes: Buffer): Promise<Part[]> {
  let parts = [...cover, { from: endOf(cover), until: bytes.length, level: 0 }];
  await store(archive, segment, parts.at(-1)!, bytes);
  for (let merged = mergeLast(parts); merged; merged = mergeLast(parts)) {
    await store(archive, segment, merged.at(-1)!, bytes);
    parts = merged;
  }
  return parts;
}

const store = (archive: WalArchive, segment: string, part: Part, bytes: Buffer) =>
  storePacked(archive, partKey(archive, segment, part), bytes.subarray(part.from, part.until));

/** @returns null if the last parts are not enough of one level */
export function mergeLast(parts: Part[]): Part[] | null {
  const last = parts.slice(-partsPerLevel);
  const { level, until } = last.at(-1)!;
  if (last.length < partsPerLevel || last.some(part => part.level !== level)) return null;
  return [...parts.slice(0, -partsPerLevel), { from: last[0]!.from, until, level: level + 1 }];
}

/** What the newest parts hold of a segment, from its start. Empty if there is none. */
export async function readParts(archive: WalArchive, segment: string): Promise<Buffer> {
  const cover = coverOf(await listParts(archive, segment));
  const bytes = await Promise.all(cover.map(part => readPacked(archive, partKey(archive, segment, part))));
  return Buffer.concat(bytes);
}
