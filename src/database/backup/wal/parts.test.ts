import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "#lab/programs/folders.ts";
import { openFolder } from "#platform/storage/folder.ts";
import { coverOf, listParts, type Part, readParts, storePart } from "./parts.ts";

const segment = "000000010000000000000001";

test("a segment that grows for days is kept in few parts, and each byte is stored once a level", async () => {
  const storage = openFolder(join(makeFolder(), "store"));
  const archive = { storage, folder: "wal/", cipher: null };
  const bytes = Buffer.from(Array.from({ length: 600 }, (_, index) => index % 251));
  let cover: Part[] = [];
  for (let until = 1; until <= bytes.length; until++) {
    cover = await storePart(archive, segment, cover, bytes.subarray(0, until));
    expect(cover.length).toBeLessThanOrEqual(3 * 15);
  }
  expect(await readParts(archive, segment)).toEqual(bytes);
  const parts = await listParts(archive, segment);
  expect(coverOf(parts)).toEqual(cover);
  const stored = parts.reduce((sum, { from, until }) => sum + until - from, 0);
  expect(stored).toBeLessThanOrEqual(3 * bytes.length);
});

test("after a restart the longest parts count, and what has a hole before it does not", () => {
  const [a, b, merged, next, afterHole] = [
    { from: 0, until: 5, level: 0 },
    { from: 5, until: 9, level: 0 },
    { from: 0, until: 9, level: 1 },
    { from: 9, until: 12, level: 0 },
    { from: 20, until: 30, level: 0 },
  ] as [Part, Part, Part, Part, Part];
  expect(coverOf([b, afterHole, next, a, merged])).toEqual([merged, next]);
  expect(coverOf([b])).toEqual([]);
});
