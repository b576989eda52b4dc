import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openBackups } from "#database/backup/schedule/open.ts";
import { parseSegmentName } from "#database/backup/wal/positions.ts";
import { listStored } from "#database/backup/wal/reach.ts";
import { verifyWal } from "#database/backup/wal/verify.ts";
import { askDirectly } from "#database/direct-connection.ts";
import { borrowDatabase } from "#database/embedded/open-database.ts";
import { query } from "#lab/clusters/schemas.ts";
import { eventually } from "#lab/eventually.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { silent as log } from "#lab/programs/log.ts";
import { startProgram } from "#lab/programs/programs.ts";
import { readConfig } from "#platform/config.ts";

async function start(dataDir: string, env: Record<string, string> = {}) {
  const program = startProgram("src/cli/main.ts", ["start"], {
    env: { PORT: "0", DEMO_PORT: "off", DATA_DIR: dataDir, BACKUPS: "on", ...env },
  });
  onTestFinished(() => void program.process.kill("SIGKILL"));
  const [, address = ""] = /(http:\S+?)\/(?:setup|\s|$)/.exec(await program.firstLine)!;
  const { url } = await borrowDatabase({ dataDir, databaseUrl: null, log });
  return { program, url, metrics: async () => parse(await (await fetch(`${address}/metrics`)).text()) };
}

const parse = (text: string) =>
  new Map([...text.matchAll(/^(prochat_backup\w+)\{[^}]*\} (\S+)$/gm)].map(([, name, value]) => [name, Number(value)]));

const age = "prochat_backup_recovery_point_age_seconds";

test("prochat start archives the WAL, says how old the copy is, and goes on after a kill without a gap", async () => {
  const dataDir = join(makeFolder(), "data");
  const first = await start(dataDir);
  await eventually(async () => expect((await first.metrics()).get(age)).toBeLessThan(20));
  await eventually(async () => expect((await first.metrics()).get("prochat_backup_archiving")).toBe(1));
  const metrics = await first.metrics();
  await eventually(async () => expect((await first.metrics()).get("prochat_backup_wal_kept_bytes")).toBeGreaterThan(0));
  expect(metrics.get("prochat_backup_wal_max_kept_bytes")).toBeGreaterThanOrEqual(64 * 1024 * 1024);
  expect(metrics.get("prochat_backup_wal_max_kept_bytes")).toBeLessThanOrEqual(10 * 1024 ** 3);
  first.program.process.kill("SIGKILL");
  await first.program.ended;

  const second = await start(dataDir);
  /** null: none was found in the archive yet */
  const beatAt = async () =>
    (await query(second.url, "select recovery_point_at as at from backup_heartbeat"))[0]!.at as Date | null;
  const before = Number(await beatAt());
  await eventually(async () => expect(Number(await beatAt())).toBeGreaterThan(before));
  await askDirectly(second.url, async client => {
    const { archive } = await openBackups(readConfig({ DATA_DIR: dataDir }), client as never);
    const { rows } = await client.query(`
      select system_identifier::text as system, setting::integer as bytes
      from pg_control_system(), pg_settings
      where name = 'wal_segment_size'`);
    const identity = { systemIdentifier: rows[0].system, segmentBytes: rows[0].bytes };
    const [{ name: first } = { name: "" }] = await listStored(archive, 1);
    const report = await verifyWal(archive, {
      timeline: 1,
      from: parseSegmentName(first, rows[0].bytes)!.start,
      ...identity,
    });
    expect(report.problems).toEqual([]);
    expect(report.verified).toBeGreaterThan(0);
  });
  const [updates] = await query(
    second.url,
    `select n_tup_upd > 0 as some, n_tup_upd = n_tup_hot_upd as "inPlace" from pg_stat_user_tables
     where relname = 'backup_heartbeat'`,
  );
  expect(updates).toEqual({ some: true, inPlace: true });
  second.program.process.kill("SIGTERM");
  expect(await second.program.ended).toMatchObject({ code: 0 });
});
