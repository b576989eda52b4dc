import { renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { connectDirectly } from "#database/direct-connection.ts";
import { query } from "#lab/clusters/schemas.ts";
import { type ScratchCluster, startScratchCluster } from "#lab/clusters/scratch-cluster.ts";
import { eventually } from "#lab/eventually.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { keepLog } from "#lab/programs/log.ts";
import { startProgram } from "#lab/programs/programs.ts";
import { openFolder } from "#platform/storage/folder.ts";
import { listTimeline, partsFolder, segmentKey, sumKey, type WalArchive } from "./archive.ts";
import { fetchSegment } from "./fetch.ts";
import { heartbeatPrefix } from "./heartbeat-record.ts";
import { readParts } from "./parts.ts";
import { parseLsn, parseSegmentName, segmentName } from "./positions.ts";
import { type Gap, startReceiver } from "./receiver.ts";
import { verifyWal } from "./verify.ts";

/** Sixteen times as small as PostgreSQL's default, so that they fill as quickly. */
const segmentBytes = 2 ** 20;
const version = process.env.TEST_POSTGRES === "15" ? "15" : "18";

async function setUp(settings: Record<string, string> = {}) {
  const cluster = await startScratchCluster(version, settings, { segmentMb: 1 });
  onTestFinished(() => cluster.stop());
  await query(cluster.url, "create table filler (bytes text); alter table filler alter bytes set storage external");
  const folder = join(makeFolder(), "store");
  const archive: WalArchive = { storage: openFolder(folder), folder: "wal/", cipher: null };
  return { cluster, folder, archive };
}

function receive(cluster: ScratchCluster, archive: WalArchive) {
  const { log, lines } = keepLog();
  const gaps: Gap[] = [];
  const onGap = async (gap: Gap) => void gaps.push(gap);
  const receiver = startReceiver({
    url: cluster.url,
    archive,
    slot: "test_wal",
    log,
    partMs: 200,
    prepare: async () => {},
    onGap,
  });
  onTestFinished(() => receiver.stop());
  return { receiver, lines, gaps };
}

const startProgramOf = (cluster: ScratchCluster, folder: string) => {
  const program = startProgram("lab/clusters/receive-wal.ts", [cluster.url, "test_wal", folder, "wal/"]);
  onTestFinished(() => void program.process.kill("SIGKILL"));
  return program;
};

const fill = (cluster: ScratchCluster, megabytes: number) =>
  query(
    cluster.url,
    `insert into filler select repeat(md5(random()::text), 1000) from generate_series(1, ${megabytes} * 32)`,
  );

/** While PostgreSQL is killed and started again. */
async function fillIfUp(cluster: ScratchCluster) {
  try {
    const client = await connectDirectly(cluster.url); // unlike query(), it takes the end of an idle connection
    await client.query(`insert into filler select repeat(md5(random()::text), 100) from generate_series(1, 1000)`);
    await client.end();
  } catch {
    await sleep(100);
  }
}

async function positionOf(cluster: ScratchCluster) {
  const [row] = await query(
    cluster.url,
    `select pg_current_wal_flush_lsn()::text as lsn, (pg_control_system()).system_identifier::text as system,
       (pg_control_checkpoint()).timeline_id as timeline`,
  );
  return { lsn: parseLsn(`${row!.lsn}`), systemIdentifier: `${row!.system}`, timeline: Number(row!.timeline) };
}

/** Resolves when the archive holds all that PostgreSQL has written by now. */
async function untilArchived(cluster: ScratchCluster, archive: WalArchive, from: bigint) {
  const { lsn, ...rest } = await positionOf(cluster);
  const newest = segmentName(rest.timeline, lsn, segmentBytes);
  await eventually(async () => {
    const complete = (await listTimeline(archive, rest.timeline, newest)).segments.includes(newest);
    if (complete) return;
    const { length } = await readParts(archive, newest);
    expect(length).toBeGreaterThanOrEqual(Number(lsn % BigInt(segmentBytes)));
  });
  const report = await verifyWal(archive, { from, segmentBytes, ...rest });
  expect(report.problems).toEqual([]);
  return report;
}

test("all that PostgreSQL writes is in the archive soon: complete segments, and parts of the newest", async () => {
  const { cluster, archive } = await setUp();
  const { lsn } = await positionOf(cluster);
  const { receiver, lines } = receive(cluster, archive);
  await fill(cluster, 4);
  const { verified } = await untilArchived(cluster, archive, lsn);
  expect(verified).toBeGreaterThanOrEqual(3);

  const beatAt = new Date();
  await query(cluster.url, `select pg_logical_emit_message(true, '${heartbeatPrefix}', '2020-01-01T00:00:00.000Z')`);
  await query(
    cluster.url,
    `begin; select pg_logical_emit_message(false, '${heartbeatPrefix}', '${beatAt.toISOString()}'); create table x (); commit`,
  );
  await eventually(() => expect(receiver.status().heartbeat).toEqual(beatAt));
  await receiver.stop();
  expect(lines).toEqual([]);
});

test("a text of a person is no heartbeat", async () => {
  const { cluster, archive } = await setUp();
  const { lsn } = await positionOf(cluster);
  const { receiver } = receive(cluster, archive);
  const forged = `${heartbeatPrefix} 2099-01-01T00:00:00.000Z`;
  await query(cluster.url, `insert into filler values ('${forged}')`);
  await query(cluster.url, `insert into filler values ('${heartbeatPrefix}'), ('2099-01-01T00:00:00.000Z')`);
  await query(
    cluster.url,
    `create table b (bytes bytea); insert into b values ('${heartbeatPrefix}\\0002099-01-01T00:00:00.000Z')`,
  );
  await untilArchived(cluster, archive, lsn);
  expect(receiver.status().heartbeat).toBeNull();
});

test("kill -9 of the receiver and of PostgreSQL at random moments leaves no gap", async () => {
  const { cluster, folder, archive } = await setUp({ fsync: "on" });
  const { lsn } = await positionOf(cluster);
  let isWriting = true;
  const writing = (async () => {
    while (isWriting) await fillIfUp(cluster);
  })();
  for (let kill = 0; kill < 8; kill++) {
    const program = startProgramOf(cluster, folder);
    await program.firstLine;
    await sleep(Math.random() * 1_500);
    if (kill % 4 === 3) await cluster.restart();
    await sleep(Math.random() * 500);
    program.process.kill("SIGKILL");
    await program.ended;
  }
  isWriting = false;
  await writing;
  const { gaps } = receive(cluster, archive);
  const { verified } = await untilArchived(cluster, archive, lsn);
  expect(verified).toBeGreaterThan(4);
  expect(gaps).toEqual([]);
});

test("of two receivers one leaves, and takes over when the other is gone", async () => {
  const { cluster, folder, archive } = await setUp();
  const { lsn } = await positionOf(cluster);
  const first = startProgramOf(cluster, folder);
  await eventually(async () => expect(await slotsOf(cluster)).toMatchObject([{ active: true }]));
  const { receiver, lines } = receive(cluster, archive);
  await eventually(() => expect(receiver.status()).toEqual({ state: "elsewhere", problem: null, heartbeat: null }));
  expect(lines).toEqual(["Another server archives the WAL of this database."]);
  first.process.kill("SIGKILL");
  await eventually(() => expect(receiver.status().state).toBe("receiving"));
  await fill(cluster, 1);
  await untilArchived(cluster, archive, lsn);
});

const slotsOf = (cluster: ScratchCluster) =>
  query(cluster.url, "select active, wal_status, slot_name from pg_replication_slots");

test("while the store is away PostgreSQL keeps the WAL, and then the archive catches up without a gap", async () => {
  const { cluster, folder, archive } = await setUp();
  const { lsn } = await positionOf(cluster);
  const { receiver, lines, gaps } = receive(cluster, archive);
  await fill(cluster, 1);
  await untilArchived(cluster, archive, lsn);
  const restore = takeAway(folder);
  const memoryBefore = process.memoryUsage.rss();
  await fill(cluster, 100);
  await eventually(() => expect(receiver.status().problem).toMatch(/cannot be used/));
  // It holds a few segments in memory; the others stay with PostgreSQL.
  expect(process.memoryUsage.rss() - memoryBefore).toBeLessThan(80 * 1024 * 1024);
  restore();
  const { verified } = await untilArchived(cluster, archive, lsn);
  expect(verified).toBeGreaterThan(8);
  expect(receiver.status().problem).toBeNull();
  expect(gaps).toEqual([]);
  expect(lines).toEqual([expect.stringMatching(/^The WAL waits: /), "The WAL is archived again."]);
});

/** As a disk that was unmounted. */
function takeAway(folder: string): () => void {
  renameSync(folder, `${folder}.away`);
  writeFileSync(folder, "");
  return () => {
    rmSync(folder);
    renameSync(`${folder}.away`, folder);
  };
}

test("a slot that kept too much is given up: the gap is named, and the archive goes on with a new one", async () => {
  const { cluster, folder, archive } = await setUp({
    max_slot_wal_keep_size: "8MB",
    min_wal_size: "2MB",
    max_wal_size: "8MB",
  });
  const { receiver, lines, gaps } = receive(cluster, archive);
  await eventually(() => expect(receiver.status().state).toBe("receiving"));
  await fill(cluster, 3);
  // There is no gap in an archive that holds nothing yet.
  await eventually(async () => expect((await listTimeline(archive, 1)).segments.length).toBeGreaterThan(0));
  const restore = takeAway(folder);
  await fill(cluster, 40);
  await eventually(async () => {
    await query(cluster.url, "checkpoint"); // gives a slot up only when no client streams from it
    expect(await slotsOf(cluster)).toMatchObject([{ wal_status: "lost" }]);
  });
  // The first checkpoint after that removes what only the slot kept.
  for (const _ of [1, 2]) {
    await fill(cluster, 3);
    await query(cluster.url, "checkpoint");
  }
  const [{ bytes } = {}] = await query(cluster.url, "select sum(size)::bigint as bytes from pg_ls_waldir()");
  expect(Number(bytes)).toBeLessThan(24 * 1024 * 1024);
  restore();
  await eventually(() => expect(gaps).toHaveLength(1));
  const { from, to } = gaps[0]!;
  expect(parseLsn(to)).toBeGreaterThan(parseLsn(from));
  expect(lines.filter(line => line.includes("gap"))).toEqual([
    expect.stringMatching(/has a gap from .* gave the slot up.* a new backup is made\.$/),
  ]);
  await fill(cluster, 3);
  await untilArchived(cluster, archive, parseLsn(to));
  const { systemIdentifier } = await positionOf(cluster);
  const report = await verifyWal(archive, { timeline: 1, from: parseLsn(from) - 1n, systemIdentifier, segmentBytes });
  expect(report.problems.map(({ segment }) => segment)).toContain(segmentName(1, parseLsn(from), segmentBytes));
});

test("it follows PostgreSQL to another timeline", async () => {
  const { cluster, archive } = await setUp({ fsync: "on" });
  const { receiver, gaps } = receive(cluster, archive);
  await fill(cluster, 3);
  await eventually(async () => expect((await listTimeline(archive, 1)).segments.length).toBeGreaterThan(0));
  const [{ dir } = {}] = await query(cluster.url, "show data_directory").then(([row]) => [
    { dir: row!.data_directory },
  ]);
  // A recovery that finds nothing in an archive ends on a new timeline, as a standby does that is promoted.
  await query(cluster.url, "alter system set restore_command = 'false'");
  writeFileSync(join(String(dir), "recovery.signal"), "", { mode: 0o644 });
  await cluster.restart();
  const inRecovery = () => query(cluster.url, "select pg_is_in_recovery() as yes");
  await eventually(async () => expect(await inRecovery()).toEqual([{ yes: false }]));
  await fill(cluster, 3);
  await eventually(async () => expect((await listTimeline(archive, 2)).segments.length).toBeGreaterThan(0));
  expect(await archive.storage.head("wal/00000002/00000002.history")).not.toBeNull();
  expect(receiver.status()).toMatchObject({ state: "receiving", problem: null });
  expect(gaps).toEqual([]);
});

test("missing, swapped and flipped segments are named", async () => {
  const { cluster, archive } = await setUp();
  const { lsn, systemIdentifier } = await positionOf(cluster);
  const { receiver } = receive(cluster, archive);
  await fill(cluster, 10);
  await untilArchived(cluster, archive, lsn);
  await receiver.stop();
  // The slot begins at the last checkpoint, which may be in a segment before.
  const { segments } = await listTimeline(archive, 1, segmentName(1, lsn, segmentBytes));
  const [first, , missing, swapped, other, flipped] = segments as [string, string, string, string, string, string];
  const read = async (name: string) => buffer(await archive.storage.get(segmentKey(archive, name)));
  await archive.storage.delete(segmentKey(archive, missing));
  // A part may have been stored before it was complete.
  for await (const { key } of archive.storage.list(partsFolder(archive, missing))) await archive.storage.delete(key);
  const [a, b] = [await read(swapped), await read(other)];
  await archive.storage.put(segmentKey(archive, swapped), b);
  await archive.storage.put(segmentKey(archive, other), a);
  const bytes = await read(flipped);
  bytes[bytes.length - 1]! ^= 1; // of the frame's checksum: elsewhere, another bit may still say the same segment
  await archive.storage.put(segmentKey(archive, flipped), bytes);
  const { problems, reaches } = await verifyWal(archive, { timeline: 1, from: lsn, systemIdentifier, segmentBytes });
  expect(problems).toEqual([
    { segment: missing, problem: "it is missing" },
    { segment: swapped, problem: expect.stringMatching(/SHA-256/) },
    { segment: other, problem: expect.stringMatching(/SHA-256/) },
    { segment: flipped, problem: expect.stringMatching(/cannot be unpacked/) },
  ]);
  expect(reaches).toBe(segments[1]);
  // What was read before only has to be there.
  const again = await verifyWal(archive, { timeline: 1, from: lsn, systemIdentifier, segmentBytes, known: flipped });
  expect(again.problems).toEqual([{ segment: missing, problem: "it is missing" }]);
  expect(again.known).toBeGreaterThan(3);

  // The sum of the next one is stored, and the segment is on its way: nothing is missing, unless it was there before.
  const next = segmentName(
    1,
    parseSegmentName(segments.at(-1)!, segmentBytes)!.start + 5n * BigInt(segmentBytes),
    segmentBytes,
  );
  await archive.storage.put(sumKey(archive, next), Buffer.from(`${"0".repeat(64)}  ${next}\n`));
  const verify = (known: string) =>
    verifyWal(archive, { timeline: 1, from: lsn, systemIdentifier, segmentBytes, known });
  expect((await verify(flipped)).problems).toEqual(again.problems);
  expect((await verify(next)).problems).toContainEqual({ segment: next, problem: "it is missing" });
  const path = join(makeFolder(), "segment");
  const fetched = (name: string) => fetchSegment(archive, { name, path, systemIdentifier, segmentBytes });
  expect(await fetched(first)).toBe(true);
  expect(statSync(path).size).toBe(segmentBytes);
  expect(await fetched(missing)).toBe(false);
  await expect(fetched(swapped)).rejects.toMatchObject({ code: "backup_damaged" });
  await expect(fetched(flipped)).rejects.toMatchObject({ code: "backup_damaged" });
  const another = { name: first, path, systemIdentifier: "1", segmentBytes };
  await expect(fetchSegment(archive, another)).rejects.toThrow(/it is of the cluster/);
});
