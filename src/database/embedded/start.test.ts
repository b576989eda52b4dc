import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { canMount, isRoot, makeFolder, mountDisk } from "#lab/programs/folders.ts";
import { type Program, startProgram } from "#lab/programs/programs.ts";
import { chooseAccount } from "./account.ts";
import { findBinaries } from "./binaries.ts";
import { createCluster } from "./cluster.ts";
import { openDataFolder } from "./data-folder.ts";
import { listClusterProcesses, readPostmasterFile } from "./leftover.ts";
import { startPostmaster } from "./postmaster.ts";
import { initdbArgs, required } from "./settings.ts";
import { startEmbedded } from "./start.ts";

const log = { debug() {}, info() {}, warn() {}, error() {} };

test("the second start finds the data of the first, and a stop leaves no process", async () => {
  const dataDir = makeDataDir();
  const first = await hold(dataDir);
  await query(await first.firstLine, "create table kept as select 42 as answer");
  await stop(first);
  expect(await processesOf(dataDir)).toEqual([]);

  const second = await hold(dataDir);
  expect(await query(await second.firstLine, "select answer from kept")).toEqual([{ answer: 42 }]);
  await stop(second);
  expect(await processesOf(dataDir)).toEqual([]);
});

test("the database is UTF-8 with page checksums and synchronous commits, and listens on this machine with a password only", async () => {
  const program = await hold(makeDataDir());
  const url = await program.firstLine;
  const names = ["server_encoding", "data_checksums", "synchronous_commit", "fsync", "listen_addresses", "TimeZone"];
  const values = await query(url, `select ${names.map(name => `current_setting('${name}')`).join("||' '||")} as all`);
  expect(values).toEqual([{ all: "UTF8 on on on 127.0.0.1 UTC" }]);
  expect(await query(url, "select datlocprovider, datlocale from pg_database where datname = 'prochat'")).toEqual([
    { datlocprovider: "b", datlocale: "C.UTF-8" },
  ]);
  await expect(query(url.replace(/:[^:@]+@/, ":mistaken@"), "select 1")).rejects.toMatchObject({ code: "28P01" });
  await stop(program);
});

test("after kill -9 the next start stops the old PostgreSQL and has every committed row", async () => {
  const dataDir = makeDataDir();
  const killed = await hold(dataDir);
  await query(await killed.firstLine, "create table kept as select 42 as answer");
  const left = (await readPostmasterFile(cluster(dataDir)))!.pid;
  await kill(killed);
  expect(await processesOf(dataDir)).toContain(left);

  const next = await hold(dataDir);
  expect(await query(await next.firstLine, "select answer from kept")).toEqual([{ answer: 42 }]);
  expect(await processesOf(dataDir)).not.toContain(left);
  await stop(next);
});

test("after kill -9 of the server and of its postmaster the next start recovers", async () => {
  const dataDir = makeDataDir();
  const killed = await hold(dataDir);
  await query(await killed.firstLine, "create table kept as select 42 as answer");
  await kill(killed);
  process.kill((await readPostmasterFile(cluster(dataDir)))!.pid, "SIGKILL");

  const next = await hold(dataDir);
  expect(await query(await next.firstLine, "select answer from kept")).toEqual([{ answer: 42 }]);
  await stop(next);
});

test("kill -9 during the creation of the database does not break the next start", async () => {
  const dataDir = makeDataDir();
  const killed = startProgram("lab/clusters/hold-database.ts", [dataDir]);
  while (!unfinished(dataDir).some(folder => existsSync(join(dataDir, folder, "PG_VERSION")))) await sleep(5);
  await kill(killed);
  expect(existsSync(cluster(dataDir))).toBe(false);

  const next = await hold(dataDir);
  expect(await query(await next.firstLine, "select 1 as one")).toEqual([{ one: 1 }]);
  await stop(next);
  expect(unfinished(dataDir)).toEqual([]);
});

test("a server that exits without a stop ends PostgreSQL too", async () => {
  const dataDir = makeDataDir();
  const program = await hold(dataDir);
  await program.firstLine;
  program.process.kill("SIGUSR2");
  expect((await program.ended).code).toBe(3);
  while ((await processesOf(dataDir)).length > 0) await sleep(20);
});

test("Ctrl-C in the terminal, sent to the whole process group, does not reach PostgreSQL", async () => {
  const dataDir = makeDataDir();
  const program = await hold(dataDir);
  const { pid } = (await readPostmasterFile(cluster(dataDir)))!;
  expect(groupOf(pid)).toBe(pid);
  await stop(program);
});

test("a PostgreSQL that dies by itself is noticed", async () => {
  const dataDir = makeDataDir();
  const embedded = await startHere(dataDir);
  process.kill((await readPostmasterFile(cluster(dataDir)))!.pid, "SIGKILL");
  expect(await embedded.exited).toBe(null);
});

test("a process with the id in an old postmaster.pid is not killed", async () => {
  const dataDir = makeDataDir();
  await stop(await hold(dataDir));
  writeFileSync(join(cluster(dataDir), "postmaster.pid"), `${process.pid}\n${cluster(dataDir)}\n1\n5432\n`);
  await stop(await hold(dataDir));
});

test("a folder of another PostgreSQL version is refused and not changed", async () => {
  const dataDir = makeDataDir();
  await stop(await hold(dataDir));
  const version = join(cluster(dataDir), "PG_VERSION");
  writeFileSync(version, "17\n");
  const before = listing(dataDir);
  await expect(startHere(dataDir)).rejects.toMatchObject({
    code: "data_folder_other_version",
    message: expect.stringMatching(/PostgreSQL 17; .* 18/),
  });
  expect(listing(dataDir)).toEqual(before);
});

test("a PostgreSQL that does not start is reported with the reason from its log", async () => {
  const dataDir = makeDataDir();
  await stop(await hold(dataDir));
  writeFileSync(join(cluster(dataDir), "postgresql.conf"), "no_such_setting = 1\n");
  await expect(startHere(dataDir)).rejects.toMatchObject({
    code: "database_failed",
    message: expect.stringMatching(/PostgreSQL did not start: .*no_such_setting|configuration file.*errors/),
  });
});

test("secrets of another folder are refused by name, and no process stays", async () => {
  const dataDir = makeDataDir();
  await stop(await hold(dataDir));
  rmSync(join(dataDir, "secrets.json"));
  await expect(startHere(dataDir)).rejects.toMatchObject({
    code: "database_failed",
    message: expect.stringContaining("secrets.json"),
  });
  expect(await processesOf(dataDir)).toEqual([]);
});

test.runIf(canMount)(
  "a disk that fills up during the creation of the database is reported as full, and nothing is left on it",
  async () => {
    const dataDir = join(mountDisk(30), "data");
    await expect(startHere(dataDir)).rejects.toMatchObject({ code: "disk_full" });
    expect(readdirSync(dataDir)).toEqual(["secrets.json"]);
  },
);

test.runIf(canMount)(
  "a disk that is full at a later start is reported as full, and the data is not damaged",
  async () => {
    const disk = mountDisk(120);
    const dataDir = join(disk, "data");
    const first = await startHere(dataDir);
    await query(first.url, "create table kept as select 42 as answer");
    await first.close();
    fill(join(disk, "filler"));
    await expect(startHere(dataDir)).rejects.toMatchObject({ code: "disk_full" });
    expect(await processesOf(dataDir)).toEqual([]);

    rmSync(join(disk, "filler"));
    const next = await startHere(dataDir);
    expect(await query(next.url, "select answer from kept")).toEqual([{ answer: 42 }]);
    await next.close();
  },
);

test("it runs in a folder that other users may enter, and in one that they may not", async () => {
  for (const mode of [0o755, 0o700]) {
    const dataDir = join(makeFolder(mode), "data");
    const program = await hold(dataDir);
    expect(await query(await program.firstLine, "select 1 as one")).toEqual([{ one: 1 }]);
    const { pid } = (await readPostmasterFile(cluster(dataDir)))!;
    if (isRoot) expect(ownerOf(pid)).not.toBe("0");
    await stop(program);
  }
});

test.runIf(isRoot)("started by root, the program may be in a folder that other users may not enter", async () => {
  const [home, folder] = [makeFolder(0o700), makeFolder()];
  const { initdb } = await findBinaries();
  const native = join(home, "native");
  cpSync(join(initdb, "../.."), native, { recursive: true, verbatimSymlinks: true });
  const binaries = { initdb: join(native, "bin/initdb"), postgres: join(native, "bin/postgres") };
  const p = { binaries, dir: join(folder, "postgres"), password: "scratch", logPath: join(folder, "log") };

  const account = await chooseAccount({ folder, cluster: p.dir, program: binaries.postgres });
  await createCluster({ ...p, account, initdbArgs });
  const postmaster = await startPostmaster({ ...p, account, settings: required });
  onTestFinished(() => postmaster.stop());
  expect(await query(postmaster.url, "select 1 as one")).toEqual([{ one: 1 }]);
});

test.runIf(isRoot)("it runs as an ordinary user, and root may start it on that user's folder", async () => {
  const parent = makeFolder();
  execFileSync("chown", ["12345:12345", parent]);
  const dataDir = join(parent, "data");
  // initdb needs a user with a name.
  execFileSync("useradd", ["--system", "--no-create-home", "--uid", "12345", "--user-group", "prochat-test"]);
  onTestFinished(() => void execFileSync("userdel", ["prochat-test"]));

  for (const uid of [12345, undefined, 12345]) {
    const program = startProgram("lab/clusters/hold-database.ts", [dataDir], { uid });
    await program.firstLine;
    expect(ownerOf((await readPostmasterFile(cluster(dataDir)))!.pid)).toBe("12345");
    await stop(program);
  }
});

const cluster = (dataDir: string) => join(dataDir, "postgres");
const makeDataDir = () => join(makeFolder(), "data");
const unfinished = (dataDir: string) =>
  existsSync(dataDir) ? readdirSync(dataDir).filter(name => name.includes(".new-")) : [];
const processesOf = (dataDir: string) => listClusterProcesses(cluster(dataDir)).catch(() => []);

/** Opens the database in a process of its own, which does not outlive the test. */
async function hold(dataDir: string): Promise<Program> {
  const program = startProgram("lab/clusters/hold-database.ts", [dataDir]);
  onTestFinished(async () => {
    program.process.kill("SIGKILL");
    for (const pid of await processesOf(dataDir)) process.kill(pid, "SIGKILL");
  });
  await program.firstLine;
  return program;
}

async function stop(program: Program): Promise<void> {
  program.process.kill("SIGTERM");
  expect(await program.ended).toMatchObject({ code: 0, stderr: "" });
}

async function kill(program: Program): Promise<void> {
  program.process.kill("SIGKILL");
  await program.ended;
}

/** Opens the database in this process, however little free space there is. */
async function startHere(dataDir: string) {
  const folder = await openDataFolder(dataDir, { minBytes: 0 });
  try {
    const embedded = await startEmbedded({ dataDir, password: folder.secrets.databasePassword, log });
    const close = async () => {
      await embedded.stop();
      await folder.close();
    };
    onTestFinished(close);
    return { ...embedded, close };
  } catch (error) {
    await folder.close();
    throw error;
  }
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const listing = (dir: string) => execFileSync("ls", ["-lR", "--time-style=full-iso", dir], { encoding: "utf8" });
const statusField = (pid: number, name: string) =>
  new RegExp(`^${name}:\\s+(\\S+)`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
const ownerOf = (pid: number) => statusField(pid, "Uid");
const groupOf = (pid: number) => Number(statusField(pid, "NSpgid"));

function fill(path: string): void {
  try {
    execFileSync("dd", ["if=/dev/zero", `of=${path}`, "bs=4k"], { stdio: "ignore" });
  } catch {
    // It ends when the disk is full.
  }
}
