import { join } from "node:path";
import { expect, test } from "vitest";
import { baseFolder, type Repository, walFolder, writeManifest } from "#database/backup/repository.ts";
import { listTimeline } from "#database/backup/wal/archive.ts";
import { listParts, partKey, storePart } from "#database/backup/wal/parts.ts";
import { segmentName } from "#database/backup/wal/positions.ts";
import { manifestOf } from "#lab/backups/manifest.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { openFolder } from "#platform/storage/folder.ts";
import { expire } from "./expire.ts";

const segmentBytes = 16 * 1024 * 1024;
const dayMs = 86_400_000;
const now = new Date("2026-11-29T12:00:00Z");
const name = (segment: number) => segmentName(1, BigInt(segment * segmentBytes), segmentBytes);

/** A backup each night, `nights` of them, which begins at the segment of its number. */
async function fill(nights: number) {
  const storage = openFolder(join(makeFolder(), "store"));
  const repository: Repository = { storage, name: "1" };
  const archive = { storage, folder: walFolder(repository), cipher: null };
  const ids: string[] = [];
  for (let night = 1; night <= nights; night++) {
    const startedAt = new Date(now.getTime() - (nights - night) * dayMs).toISOString();
    const id = `${startedAt.slice(0, 10).replaceAll("-", "")}T120000Z-0000`;
    ids.push(id);
    const startLsn = `0/${(night * segmentBytes).toString(16)}`;
    const cluster = { systemIdentifier: "1", startLsn, segmentBytes };
    await storage.put(`${baseFolder(repository, id)}base.tar.zst`, Buffer.from("x"));
    await writeManifest(repository, manifestOf(id, { ...cluster, startedAt, finishedAt: startedAt }));
    await storage.put(`${archive.folder}00000001/${name(night)}.zst`, Buffer.from("x"));
    await storage.put(`${archive.folder}00000001/${name(night)}.sha256`, Buffer.from("x"));
  }
  const verify = (id: string, outcome: string) =>
    storage.put(
      `${baseFolder(repository, id)}verifications/20261129T120000Z-verify.json`,
      Buffer.from(
        JSON.stringify({ by: "verify", outcome, reason: null, at: now.toISOString(), seconds: 1, programVersion: "1" }),
      ),
    );
  const run = (isDryRun = false) => expire(repository, archive, { timeZone: "UTC", now, isDryRun });
  return { storage, repository, archive, ids, verify, run };
}

test("old backups go with the WAL that only they needed, when a newer one was verified, and a dry run deletes nothing", async () => {
  const { archive, storage, repository, ids, verify, run } = await fill(40);
  expect(await run()).toMatchObject({ backups: [], walSegments: 0 });
  await verify(ids.at(-1)!, "failed");
  expect(await run()).toMatchObject({ backups: [] });

  await verify(ids.at(-1)!, "verified");
  const dry = await run(true);
  expect((await listTimeline(archive, 1)).segments).toHaveLength(40);
  expect(await run()).toEqual(dry);
  expect(dry.backups).toHaveLength(30);
  const { segments } = await listTimeline(archive, 1);
  // The oldest that is left is the weekly one of 8 November, the 19th.
  expect(segments[0]).toBe(name(19));
  expect(dry.walSegments).toBe(18);
  expect(await storage.head(`${baseFolder(repository, ids[0]!)}base.tar.zst`)).toBeNull();
  expect(await storage.head(`${baseFolder(repository, ids[18]!)}base.tar.zst`)).not.toBeNull();
});

test("killed between any two deletions, no segment of the WAL is without its sum, and the next run goes on", async () => {
  for (let deletions = 0; ; deletions++) {
    const { storage, repository, archive, ids, verify, run } = await fill(12);
    await verify(ids.at(-1)!, "verified");
    let left = deletions;
    const dying = {
      ...storage,
      async delete(key: string) {
        if (left-- === 0) throw new Error("killed");
        await storage.delete(key);
      },
    };
    const killed = expire(
      { ...repository, storage: dying },
      { ...archive, storage: dying },
      {
        timeZone: "UTC",
        now,
        isDryRun: false,
      },
    );
    const isKilled = await killed.then(
      () => false,
      () => true,
    );
    const { segments, sums } = await listTimeline(archive, 1);
    expect(segments.filter(segment => !sums.has(segment))).toEqual([]);
    await run();
    const { segments: kept, sums: sumsKept } = await listTimeline(archive, 1);
    expect([kept.length, sumsKept.size]).toEqual([kept.length, kept.length]);
    if (!isKilled) break;
    expect(deletions).toBeLessThan(100);
  }
});

test("parts that others replaced go after an hour; those that are needed stay", async () => {
  const { archive, run } = await fill(1);
  const bytes = Buffer.alloc(20, "x");
  let cover = await storePart(archive, name(2), [], bytes.subarray(0, 1));
  for (let until = 2; until <= 20; until++) cover = await storePart(archive, name(2), cover, bytes.subarray(0, until));
  await storePart(archive, name(1), [], bytes); // of a segment that is complete
  expect(await run()).toMatchObject({ walParts: 0 });
  const later = new Date(Date.now() + 2 * 3_600_000);
  const gone = await expire({ storage: archive.storage, name: "1" }, archive, {
    timeZone: "UTC",
    now: later,
    isDryRun: false,
  });
  expect(gone.walParts).toBe(17);
  expect(await listParts(archive, name(1))).toEqual([]);
  expect(await archive.storage.head(partKey(archive, name(2), cover[0]!))).not.toBeNull();
  expect((await listParts(archive, name(2))).sort((a, b) => a.from - b.from)).toEqual(cover);
});
