import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { query } from "#lab/clusters/schemas.ts";
import { startScratchCluster } from "#lab/clusters/scratch-cluster.ts";
import { eventually } from "#lab/eventually.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { openFolder } from "#platform/storage/folder.ts";
import { listTimeline, segmentKey } from "./archive.ts";
import { storeFromFolder } from "./from-folder.ts";
import { parseSegmentName } from "./positions.ts";
import { verifyWal } from "./verify.ts";

const segmentBytes = 2 ** 24;

test("segments that basic_archive of PostgreSQL 15 leaves in a folder are moved, once each, and are right", async () => {
  const folder = makeFolder();
  chmodSync(folder, 0o777); // another user runs PostgreSQL
  const cluster = await startScratchCluster("15", {
    ...{ archive_mode: "on", archive_library: "basic_archive", "basic_archive.archive_directory": folder },
  });
  onTestFinished(cluster.stop);
  const isSegment = (name: string) => parseSegmentName(name, segmentBytes) !== null;
  for (let n = 1; n <= 2; n++) {
    await query(cluster.url, `create table written${n} (); select pg_switch_wal()`);
    await eventually(async () => expect(readdirSync(folder).filter(isSegment).length).toBeGreaterThanOrEqual(n));
  }
  const [row] = await query(cluster.url, "select system_identifier::text as identifier from pg_control_system()");
  const systemIdentifier = `${row!.identifier}`;
  const archive = { storage: openFolder(makeFolder()), folder: "wal/", cipher: null };
  const store = (identifier = systemIdentifier) =>
    storeFromFolder(archive, folder, { systemIdentifier: identifier, segmentBytes });

  await expect(store("7300000000000000001")).rejects.toThrow(
    /is no WAL segment of this database: it is of the cluster/,
  );
  const first = readdirSync(folder).filter(isSegment).sort()[0]!;
  const bytes = readFileSync(join(folder, first));
  const moved = await store();
  expect(moved[0]).toBe(first);
  expect(moved.length).toBeGreaterThanOrEqual(2);
  expect(readdirSync(folder).filter(isSegment)).toEqual([]);
  expect((await listTimeline(archive, 1)).segments).toEqual(moved);
  const from = parseSegmentName(first, segmentBytes)!.start;
  const report = await verifyWal(archive, { timeline: 1, from, systemIdentifier, segmentBytes });
  expect(report).toMatchObject({ verified: moved.length, problems: [] });

  // A kill between storing and deleting leaves it in both places; one that was cut stays and is named.
  writeFileSync(join(folder, first), bytes);
  expect(await store()).toEqual([first]);
  writeFileSync(join(folder, first), bytes.subarray(0, 1000));
  await expect(store()).rejects.toThrow(/it has 1000 bytes/);
  expect(await archive.storage.head(segmentKey(archive, first))).not.toBeNull();
  expect(readdirSync(folder)).toContain(first);
});
