import {
  appendFileSync,
  chownSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { fingerprintTables } from "#database/backup/base/fingerprints.ts";
import { walFolder } from "#database/backup/repository.ts";
import { askDirectly } from "#database/direct-connection.ts";
import { archiveWal, type HeldDatabase, holdDatabase, holdFilledDatabase } from "#lab/clusters/held-database.ts";
import { query } from "#lab/clusters/schemas.ts";
import { canMount, makeFolder, mountDisk } from "#lab/programs/folders.ts";
import { runCli, startProgram } from "#lab/programs/programs.ts";
import { openFolder } from "#platform/storage/folder.ts";

type Env = Record<string, string>;

test("a restored folder has every row, archives nothing, and backs up into a repository of its own", async () => {
  const source = await holdFilledDatabase();
  const env = { DATA_DIR: source.dataDir };
  const { id, repository } = await json(["backup"], env);
  const before = await readAll(source);
  await source.stop();

  const dataDir = join(makeFolder(), "data");
  await json(["restore", "latest", "--backup-only", "--into", dataDir], env);
  const restored = await holdDatabase(dataDir);
  expect((await readAll(restored)).filter(isOfChat)).toEqual(before.filter(isOfChat));
  expect(await query(restored.url, "show archive_mode")).toEqual([{ archive_mode: "off" }]);
  expect(
    await query(restored.url, "select details from audit_log where action like 'backup.%' order by id desc limit 1"),
  ).toEqual([{ details: { backup: id, until: null } }]);
  const own = await json(["backup"], { DATA_DIR: dataDir, FILES_DIR: join(source.dataDir, "files") });
  expect(own.repository).not.toBe(repository);
  expect(own.timeline).toBe(2);
  await restored.stop();
  expect(await runCli(["restore", "latest", "--replace"], { env })).toEqual(refused(new RegExp(`2 clusters.*${id}`)));
  const { checks } = await json(["doctor"], { DATA_DIR: dataDir });
  expect(checks.filter((check: { ok: boolean }) => !check.ok)).toEqual([]);
});

test("to a moment: exactly what was committed before it; the time is taken as people write it", async () => {
  const source = await holdFilledDatabase();
  const env = { DATA_DIR: source.dataDir };
  const { repository } = await json(["backup"], env);
  const archive = await archiveWal(source, repository);
  await query(source.url, "create table moments (at timestamptz default clock_timestamp())");
  for (let n = 0; n < 5; n++) {
    await query(source.url, "insert into moments default values");
    await sleep(50);
  }
  const moments = (await query(
    source.url,
    "select at::text, (at + interval '20 ms')::text as after from moments order by at",
  )) as {
    at: string;
    after: string;
  }[];
  await query(source.url, "insert into moments default values");
  await archive.holdsAll();
  await archive.stop();
  await source.stop();

  for (const [time, count] of [
    [moments[2]!.after, 3],
    [new Date(moments[1]!.after).toISOString(), 2],
  ] as const) {
    const dataDir = join(makeFolder(), "data");
    await json(["restore", "latest", "--to-time", time, "--into", dataDir], env);
    const restored = await holdDatabase(dataDir);
    expect(await query(restored.url, "select count(*)::int as count from moments"), time).toEqual([{ count }]);
    expect(await query(restored.url, "select target_time is not null as timed from restores")).toEqual([
      { timed: true },
    ]);
    await restored.stop();
  }
  const dataDir = join(makeFolder(), "data");
  await json(["restore", "latest", "--into", dataDir], env);
  const latest = await holdDatabase(dataDir);
  expect(await query(latest.url, "select count(*)::int as count from moments")).toEqual([{ count: 6 }]);
  await latest.stop();

  const into = ["--into", join(makeFolder(), "data")];
  const run = (time: string) => runCli(["restore", "latest", "--to-time", time, ...into], { env });
  expect(await run("2200-01-01T00:00:00Z")).toEqual(refused(/What was kept ends before 2200/));
  expect(await run("2020-01-01T00:00:00Z")).toEqual(refused(/no backup that ended before 2020/));
  expect(await run("2026-11-27 05:42")).toMatchObject({ code: 2, stderr: expect.stringMatching(/time with its zone/) });
});

test("a segment of the WAL that is missing is never taken for the end", async () => {
  const source = await holdFilledDatabase();
  const env = { DATA_DIR: source.dataDir };
  const { repository } = await json(["backup"], env);
  const archive = await archiveWal(source, repository);
  await query(source.url, "create table filler (text text)");
  for (let n = 0; n < 3; n++)
    await query(
      source.url,
      "insert into filler select md5(i::text) || md5((-i)::text) from generate_series(1, 160000) as i",
    );
  await archive.holdsAll();
  await archive.stop();
  await source.stop();
  const folder = join(source.dataDir, "files", walFolder({ name: repository }), "00000001");
  const segments = readdirSync(folder)
    .filter(name => name.endsWith(".zst"))
    .sort();
  expect(segments.length).toBeGreaterThan(2);
  expect(await json(["backup", "verify"], env)).toMatchObject({ outcome: "verified", wal: { problems: [] } });
  rmSync(join(folder, segments[1]!));
  // A part may have been stored before it was complete.
  rmSync(join(folder, "parts", segments[1]!.slice(0, 24)), { recursive: true, force: true });
  expect(await runCli(["backup", "verify"], { env })).toMatchObject({
    ...{ code: 1, stdout: expect.stringContaining("is as it was written") },
    stderr: expect.stringMatching(/the first [0-9A-F]{24}: it is missing.*Make a new backup now/),
  });
  const into = join(makeFolder(), "data");
  expect(await runCli(["restore", "latest", "--into", into], { env })).toEqual(refused(/WAL is missing/));
  expect(readdirSync(into)).toEqual([]);
});

test("a restore follows PostgreSQL to the timeline on which it went on after a failover", async () => {
  const source = await holdFilledDatabase();
  const env = { DATA_DIR: source.dataDir };
  const { repository } = await json(["backup"], env);
  const before = await archiveWal(source, repository);
  await query(source.url, "create table marks as select 'before' as mark");
  await before.holdsAll();
  await before.stop();
  await source.stop();

  const cluster = join(source.dataDir, "postgres");
  appendFileSync(join(cluster, "postgresql.auto.conf"), "restore_command = 'false'\nhot_standby = 'off'\n");
  const signal = join(cluster, "recovery.signal"); // what it finds is all: it ends its recovery as a standby that is promoted
  writeFileSync(signal, "");
  const { uid, gid } = statSync(cluster);
  chownSync(signal, uid, gid);
  const promoted = await holdDatabase(source.dataDir);
  const after = await archiveWal(promoted, repository);
  await query(promoted.url, "insert into marks values ('after')");
  await after.holdsAll();
  await after.stop();
  await promoted.stop();

  const into = join(makeFolder(), "data");
  await json(["restore", "latest", "--into", into], env);
  const restored = await holdDatabase(into);
  expect(await query(restored.url, "select mark from marks")).toEqual([{ mark: "before" }, { mark: "after" }]);
});

test("live data is replaced only when asked for, and kept as a safety copy; a kill at any moment loses neither", async () => {
  const source = await holdFilledDatabase();
  const env = { DATA_DIR: source.dataDir };
  await json(["backup"], env);
  await query(source.url, "create table after_the_backup ()");
  expect(await runCli(["restore", "latest", "--replace"], { env })).toEqual(refused(/in use by another Pro LiveChat/));
  await source.stop();
  const files = readdirSync(source.dataDir).sort();
  expect(await runCli(["restore", "latest"], { env })).toEqual(refused(/--replace/));
  expect(readdirSync(source.dataDir).sort()).toEqual(files);

  for (let attempt = 0; attempt < 6; attempt++) {
    const program = startProgram("src/cli/main.ts", ["restore", "latest", "--replace"], { env });
    await sleep(500 + Math.random() * 2_500);
    program.process.kill("SIGKILL");
    await program.ended;
    const held = await holdDatabase(source.dataDir);
    expect((await query(held.url, "select count(*)::int as count from conversations"))[0]!.count).toBeGreaterThan(10);
    await held.stop();
  }
  // The last kill may have left a PostgreSQL, which this one stops, and says so.
  const { code, stdout } = await runCli(["restore", "latest", "--replace", "--json"], { env });
  expect(code).toBe(0);
  const { safetyCopy } = JSON.parse(stdout);
  expect(existsSync(join(safetyCopy, "postgres/PG_VERSION"))).toBe(true);
  expect(readdirSync(source.dataDir).filter(name => name.startsWith("restoring"))).toEqual([]);
  const held = await holdDatabase(source.dataDir);
  expect(await query(held.url, "select to_regclass('after_the_backup')::text as found")).toEqual([{ found: null }]);
});

test("an erasure after the backup is replayed, and without the ledger the restore refuses", async () => {
  const source = await holdFilledDatabase();
  const env = { DATA_DIR: source.dataDir };
  const [first, second] = (await query(
    source.url,
    "select website_id, id from visitors where id in (select visitor_id from conversations) order by id limit 2",
  )) as { website_id: number; id: string }[];
  const ledger = join(source.dataDir, "files/erasures");
  await writeErasure(source, first!);
  await json(["backup"], env);
  await writeErasure(source, second!);
  await source.stop();
  const dataDir = join(makeFolder(), "data");
  expect(await json(["restore", "latest", "--into", dataDir], env)).toMatchObject({ erasures: { erased: 2 } });
  const restored = await holdDatabase(dataDir);
  const left = `select count(*)::int as count from conversations where visitor_id in ('${first!.id}', '${second!.id}')`;
  expect(await query(restored.url, left)).toEqual([{ count: 0 }]);
  await restored.stop();

  cpSync(ledger, `${ledger}-kept`, { recursive: true });
  rmSync(ledger, { recursive: true });
  const other = join(makeFolder(), "data");
  expect(await runCli(["restore", "latest", "--into", other], { env })).toEqual(
    refused(/ledger of erasures is missing/),
  );
  expect(existsSync(other)).toBe(false);
  expect(await runCli(["restore", "latest", "--into", other, "--ledger-lost"], { env })).toMatchObject({
    code: 0,
    stderr: oneLine(/ledger of erasures is the one of the backup of .*Erase again who was erased after it/),
  });
});

test("another major version and a disk that is too small are refused before anything is written", async () => {
  const source = await holdFilledDatabase();
  const env = { DATA_DIR: source.dataDir };
  const { id, repository } = await json(["backup"], env);
  await source.stop();
  const path = join(source.dataDir, "files/backups", repository, "base", id, "backup.json");
  const written = readFileSync(path);
  const { manifest } = JSON.parse(written.toString());
  const { serializeManifest } = await import("#database/backup/manifest.ts");
  writeFileSync(path, serializeManifest({ ...manifest, postgresMajor: 17 }));
  const into = join(makeFolder(), "data");
  expect(await runCli(["restore", id, "--into", into], { env })).toEqual(refused(/is of PostgreSQL 17/));
  expect(existsSync(into)).toBe(false);
  writeFileSync(path, written);
  if (!canMount) return;
  const disk = mountDisk(64);
  expect(await runCli(["restore", id, "--into", join(disk, "data")], { env })).toEqual(
    refused(/MB left; the backup needs/),
  );
  expect(readdirSync(join(disk, "data"))).toEqual([]);
});

test("a byte flipped in an index of the source: the drill fails, and the last verified one stays", async () => {
  const source = await holdFilledDatabase();
  const env = { DATA_DIR: source.dataDir };
  await json(["backup"], env);
  const good = await json(["drill"], env);
  const [{ path }] = (await query(source.url, "select pg_relation_filepath('visitors_pkey') as path")) as [
    { path: string },
  ];
  await source.stop();
  const file = join(source.dataDir, "postgres", path);
  const bytes = readFileSync(file);
  bytes[8192 + 4000]! ^= 1;
  writeFileSync(file, bytes);
  expect(await runCli(["backup"], { env })).toMatchObject({ code: 1, stderr: expect.stringMatching(/damaged pages/) });
  expect(await runCli(["drill"], { env })).toEqual(refused(/failed, visitors_pkey is damaged/));
  const verified = (await list(env))
    .flatMap(backup => backup.verifications)
    .filter(each => each.outcome === "verified");
  expect(verified).toEqual([expect.objectContaining({ at: good.at })]);
});

/** As the job of erasures leaves it. */
async function writeErasure(
  { url, dataDir }: HeldDatabase,
  visitor: { website_id: number; id: string },
): Promise<void> {
  const rows = await query(url, `select id from conversations where visitor_id = '${visitor.id}'`);
  const entry = {
    websiteId: visitor.website_id,
    visitorId: visitor.id,
    conversationIds: rows.map(({ id }) => id),
    requestedAt: new Date(),
    erasedAt: new Date(),
  };
  const key = `erasures/${visitor.website_id}/${visitor.id}.json`;
  await openFolder(join(dataDir, "files")).put(key, Buffer.from(JSON.stringify(entry)));
}

const readAll = ({ url }: HeldDatabase) =>
  askDirectly(url, async client => {
    const { rows } = await client.query("select pg_current_snapshot()::text as snapshot");
    return fingerprintTables(client, rows[0].snapshot, []);
  });

/** Backup and restore write into the restores and the audit log, and the job queue into its tables. */
const isOfChat = ({ table }: { table: string }) =>
  table.startsWith("public.") && !["public.restores", "public.audit_log"].includes(table);

const oneLine = (pattern: RegExp) => expect.stringMatching(new RegExp(`^(?=[^\\n]*\\n$)[^\\n]*(?:${pattern.source})`));

const refused = (pattern: RegExp) => ({ code: 1, stdout: "", stderr: oneLine(pattern) });

async function json(args: string[], env: Env) {
  const { code, stdout, stderr } = await runCli([...args, "--json"], { env });
  expect({ code, stderr }, args.join(" ")).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout);
}

async function list(env: Env): Promise<{ verifications: { at: string; outcome: string }[] }[]> {
  const { stdout } = await runCli(["backup", "list", "--json"], { env });
  return stdout
    .split("\n")
    .filter(Boolean)
    .map(line => JSON.parse(line));
}
