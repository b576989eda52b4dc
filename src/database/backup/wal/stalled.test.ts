import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { migrate } from "#database/migrations/migrate.ts";
import { query } from "#lab/clusters/schemas.ts";
import { startScratchCluster } from "#lab/clusters/scratch-cluster.ts";
import { eventually } from "#lab/eventually.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { keepLog, silent } from "#lab/programs/log.ts";
import { openPool } from "#lab/sql/pool.ts";
import { openFolder } from "#platform/storage/folder.ts";
import { startArchiving } from "./archiving.ts";
import { parseLsn } from "./positions.ts";
import type { Gap } from "./receiver.ts";
import { verifyWal } from "./verify.ts";

const segmentBytes = 2 ** 20;

test("while the store is away under load an alert says so, and then the copy catches up without a gap", async () => {
  const cluster = await startScratchCluster("18", { max_slot_wal_keep_size: "200MB" }, { segmentMb: 1 });
  onTestFinished(cluster.stop);
  await migrate(cluster.url, { log: silent });
  const pool = openPool({ connectionString: cluster.url, max: 2 });
  onTestFinished(() => pool.end());
  const folder = join(makeFolder(), "store");
  const archive = { storage: openFolder(folder), folder: "wal/", cipher: null };
  const { log, lines } = keepLog();
  const gaps: Gap[] = [];
  const [{ lsn, system } = {}] = await query(
    cluster.url,
    "select pg_current_wal_flush_lsn()::text as lsn, system_identifier::text as system from pg_control_system()",
  );
  const archiving = startArchiving({
    ...{ url: cluster.url, pool, archive, slot: "test_stall", log },
    ...{ heartbeatMs: 100, maxAgeMs: 1_500, partMs: 100 },
    prepare: async () => {},
    onGap: async gap => void gaps.push(gap),
  });
  onTestFinished(() => archiving.stop());
  await query(cluster.url, "create table load (text text)");
  const write = () =>
    query(cluster.url, "insert into load select repeat(md5(i::text), 30) from generate_series(1, 1000) as i");
  await eventually(() => expect(archiving.status().recoveryPointAgeMs).not.toBeNull());

  renameSync(folder, `${folder}.away`);
  writeFileSync(folder, "");
  await eventually(async () => {
    await write();
    expect(lines).toContainEqual(expect.stringMatching(/copy of the database is \d+ s behind: .*cannot be used/));
  });
  await eventually(() => expect(archiving.status().keptBytes).toBeGreaterThan(0));
  rmSync(folder);
  renameSync(`${folder}.away`, folder);
  await write();

  await eventually(() => expect(lines).toContain("The copy of the database is up to date again."));
  const [{ now } = {}] = await query(cluster.url, "select pg_current_wal_flush_lsn()::text as now");
  await eventually(async () => {
    const [slot] = await query(cluster.url, "select restart_lsn::text as at from pg_replication_slots");
    expect(parseLsn(`${slot!.at}`)).toBeGreaterThanOrEqual(parseLsn(`${now}`));
  });
  const from = parseLsn(`${lsn}`);
  const report = await verifyWal(archive, { timeline: 1, from, systemIdentifier: `${system}`, segmentBytes });
  expect(report).toMatchObject({ problems: [] });
  expect(gaps).toEqual([]);
});
