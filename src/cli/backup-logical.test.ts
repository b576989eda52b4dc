import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeBackupKey } from "#database/backup/base/encryption.ts";
import { holdDatabase } from "#lab/clusters/held-database.ts";
import { createRole, query } from "#lab/clusters/schemas.ts";
import { type ScratchCluster, startScratchCluster } from "#lab/clusters/scratch-cluster.ts";
import { install, pgDump } from "#lab/install.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { runCli } from "#lab/programs/programs.ts";
import { generate } from "#sample-data/generate.ts";

type Env = Record<string, string>;

/** As a managed database is: PostgreSQL 15, and a role that owns its database and may not replicate. */
let cluster: ScratchCluster;
/** With conversations. */
let url: string;
let env: { DATABASE_URL: string; DATA_DIR: string; FILES_DIR: string };
let made: { code: number | null; stdout: string; stderr: string };

beforeAll(async () => {
  install(pgDump);
  cluster = await startScratchCluster("15");
  url = await createDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), "prochat-logical-"));
  env = { DATABASE_URL: url, DATA_DIR: dataDir, FILES_DIR: join(dataDir, "files") };
  await json(["migrate"], env);
  await generate(url, { messages: 300, websites: 2, months: 2 });
  writeFileSync(join(dataDir, "secrets.json"), JSON.stringify({ secret: "s".repeat(43), databasePassword: "p" }));
  made = await runCli(["backup", "--json"], { env });
});
afterAll(async () => {
  await cluster?.stop();
  rmSync(env.DATA_DIR, { recursive: true, force: true });
});

let lastName = 0;

async function createDatabase(settings: (name: string) => string = () => "") {
  const name = `managed${++lastName}`;
  const role = await createRole(cluster.url, name, settings(name));
  await query(cluster.url, `create database ${name} owner ${name}`);
  return Object.assign(new URL(role), { pathname: `/${name}` }).href;
}

const countMessages = async (of: string) => (await query(of, "select count(*)::int as count from messages"))[0]!.count;

test("where the role may not replicate, a dump is made, listed, verified and drilled", async () => {
  expect(made).toMatchObject({ code: 0, stderr: oneLine(/A logical backup by pg_dump 15\..*may not replicate/) });
  const { id, ...manifest } = JSON.parse(made.stdout);
  expect(manifest).toMatchObject({ kind: "logical", postgresMajor: 15, isEmbedded: false });
  expect(rowsOf(manifest.tables, /^public\.messages_\d/)).toBe(await countMessages(url));
  expect(await json(["backup", "verify"], env)).toMatchObject({ outcome: "verified", wal: null });
  expect(await json(["drill"], env)).toMatchObject({ outcome: "verified" });
  expect(await list(env)).toEqual([expect.stringMatching(new RegExp(`^${id} .* verified by drill .* logical `))]);
  expect(readdirSync(env.DATA_DIR).filter(name => /^(dump|drill|restoring)-/.test(name))).toEqual([]);
});

test("a dump is restored into a folder, with the PostgreSQL that comes along", async () => {
  const folder = { DATA_DIR: join(makeFolder(), "data"), FILES_DIR: env.FILES_DIR };
  await json(["restore", "latest"], folder);
  const held = await holdDatabase(folder.DATA_DIR);
  expect(await countMessages(held.url)).toBe(await countMessages(url));
  expect(JSON.parse(readFileSync(join(folder.DATA_DIR, "secrets.json"), "utf8")).secret).toBe("s".repeat(43));
});

test("a dump is restored into an empty database; one with tables is refused, and one that was killed begins again", async () => {
  const target = await createDatabase();
  const machine = { DATA_DIR: makeFolder(), FILES_DIR: env.FILES_DIR };
  // As a kill leaves it: some tables, and the mark.
  await query(
    target,
    "create table prochat_restoring (); create table visitors (); create type message_kind as enum ()",
  );
  const start = await runCli(["start"], { env: { DATABASE_URL: target, DATA_DIR: makeFolder(), PORT: "0" } });
  expect(start).toEqual(refused(/is being restored into this database/));
  await json(["restore", "latest", "--into", target], machine);
  expect(existsSync(join(machine.DATA_DIR, "secrets.json"))).toBe(true);
  expect(await countMessages(target)).toBe(await countMessages(url));
  const { id } = JSON.parse(made.stdout);
  expect(await query(target, "select backup_id from restores")).toEqual([{ backup_id: id }]);
  expect(await query(target, "select to_regclass('prochat_restoring') as mark")).toEqual([{ mark: null }]);
  const again = await runCli(["restore", "latest", "--into", target], { env: machine });
  expect(again).toEqual(refused(/has tables already.*create an empty database/));
});

test("what cannot be done is refused before anything is written", async () => {
  const backup = (...args: string[]) => runCli(["backup", ...args], { env });
  const restore = (...args: string[]) => runCli(["restore", "latest", ...args], { env });
  expect(await backup("--method", "physical")).toEqual(refused(/may not replicate/));
  expect(await backup("--method", "dump")).toEqual(refused(/Choose auto, physical, logical/));
  const into = ["--into", join(makeFolder(), "data")];
  expect(await restore("--to-time", "2200-01-01T00:00:00Z", ...into)).toEqual(refused(/There is no backup that ended/));
  expect(await restore("--into", url, "--replace")).toEqual(refused(/--replace is for a data folder/));
  const elsewhere = await createDatabase(name => `alter role ${name} set search_path = chat`);
  expect(await restore("--into", elsewhere)).toEqual(refused(/create schema if not exists "public"/));
});

test("two databases of one PostgreSQL do not share a place, because the schedule would count one for the other", async () => {
  const other = await createDatabase();
  await json(["migrate"], { ...env, DATABASE_URL: other });
  const { code, stderr } = await runCli(["backup"], { env: { ...env, DATABASE_URL: other } });
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/need a place of their own/) });
});

test("an encrypted dump opens with its key only, and a flipped bit leaves the database empty", async () => {
  const { identity, recipient } = await makeBackupKey();
  const to = makeFolder();
  const { repository, id, files } = await json(["backup", "--to", to, "--pack", "none"], {
    ...env,
    BACKUP_KEY: recipient,
  });
  const target = await createDatabase();
  const restore = (BACKUP_KEY: string) =>
    runCli(["restore", "latest", "--from", to, "--into", target], { env: { ...env, BACKUP_KEY } });
  expect(await restore(recipient)).toEqual(refused(/encrypted/));
  const largest = files.toSorted((a: File, b: File) => b.packedBytes - a.packedBytes)[0].name;
  const path = join(to, "backups", repository, "base", id, largest);
  const bytes = readFileSync(path);
  const flipped = Buffer.from(bytes);
  flipped[bytes.length >> 1]! ^= 4;
  writeFileSync(path, flipped);
  expect(await restore(identity)).toEqual(refused(/damaged/));
  expect(await query(target, "select relname from pg_class where relnamespace = 'public'::regnamespace")).toEqual([]);
  writeFileSync(path, bytes);
  expect(await restore(identity)).toMatchObject({ code: 0 });
});

type File = { packedBytes: number };

const rowsOf = (tables: { table: string; rows: number }[], name: RegExp) =>
  tables.filter(({ table }) => name.test(table)).reduce((sum, { rows }) => sum + rows, 0);

const oneLine = (pattern: RegExp) => expect.stringMatching(new RegExp(`^(?=[^\\n]*\\n$)[^\\n]*(?:${pattern.source})`));

const refused = (pattern: RegExp) => ({ code: 1, stdout: "", stderr: oneLine(pattern) });

async function json(args: string[], env: Env) {
  const { code, stdout, stderr } = await runCli([...args, "--json"], { env });
  expect({ code, stderr }, args.join(" ")).toMatchObject({ code: 0 });
  return JSON.parse(stdout);
}

const list = async (env: Env) => (await runCli(["backup", "list"], { env })).stdout.split("\n").filter(Boolean);
