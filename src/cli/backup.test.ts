import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { holdFilledDatabase } from "#lab/clusters/held-database.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { runCli } from "#lab/programs/programs.ts";

type Env = Record<string, string>;

test("a backup of a running database is listed, verified and drilled; of one that is stopped, too", async () => {
  const { dataDir, stop } = await holdFilledDatabase();
  const env = { DATA_DIR: dataDir };
  const made = await json(["backup", "--keep-until", "2030-01-01"], env);
  expect(made).toMatchObject({ kind: "physical", isEmbedded: true, hasDamagedPages: false, encryption: null });
  expect(made.keepUntil).toBe("2030-01-01T00:00:00.000Z");
  expect(made.tables.find(({ table }: { table: string }) => table === "public.visitors").rows).toBeGreaterThan(10);
  expect(await json(["backup", "verify"], env)).toMatchObject({ id: made.id, outcome: "verified" });
  expect(await json(["drill"], env)).toMatchObject({ id: made.id, outcome: "verified" });
  await stop();
  const later = await json(["backup", "--pack", "gzip"], env);
  expect(await json(["drill"], env)).toMatchObject({ id: later.id, outcome: "verified" });
  const plain = await json(["backup", "--pack", "none", "--to", join(dataDir, "elsewhere")], env);
  expect(await json(["backup", "verify", "--to", join(dataDir, "elsewhere")], env)).toMatchObject({
    id: plain.id,
    outcome: "verified",
  });
  expect(await list(env)).toMatchObject([
    { id: later.id, verifications: [{ by: "drill", outcome: "verified" }] },
    { id: made.id, verifications: [{ by: "drill" }, { by: "verify" }] },
  ]);
  expect(readdirSync(dataDir).filter(name => name.startsWith("drill"))).toEqual([]);
});

test("two at once: one leaves", async () => {
  const { dataDir } = await holdFilledDatabase(5_000);
  const runs = await Promise.all([1, 2].map(() => runCli(["backup"], { env: { DATA_DIR: dataDir } })));
  const [done, left] = runs.toSorted((a, b) => a.code! - b.code!);
  expect(done).toMatchObject({ code: 0 });
  expect(left).toMatchObject({ code: 1, stdout: "", stderr: oneLine(/Another backup/) });
});

test("a folder without a database, an empty database and one that is stopped are refused", async () => {
  const nothing = makeFolder();
  expect(await runCli(["backup"], { env: { DATA_DIR: nothing } })).toEqual(refused(/There is no database in/));
  expect(existsSync(join(nothing, "postgres"))).toBe(false);
  const stopped = { DATA_DIR: makeFolder(), DATABASE_URL: "postgres://prochat:secret@127.0.0.1:1/prochat" };
  expect(await runCli(["backup"], { env: stopped })).toEqual(refused(/The database postgres:.* cannot be used/));
});

test("a flipped bit, a cut tail and a missing file are found by verify and by the drill", async () => {
  const { dataDir, stop } = await holdFilledDatabase();
  const env = { DATA_DIR: dataDir };
  const { repository, id } = await json(["backup"], env);
  await stop();
  const folder = join(dataDir, "files/backups", repository, "base", id);
  const name = join(folder, "base.tar.zst");
  const bytes = readFileSync(name);
  for (const [damage, reason] of [
    [() => writeFileSync(name, flip(bytes, 0.5)), /damaged/],
    [() => writeFileSync(name, bytes.subarray(0, bytes.length - 1000)), /damaged/],
    [() => rmSync(name), /missing/],
  ] as const) {
    damage();
    expect(await runCli(["backup", "verify"], { env })).toEqual(refused(reason));
    expect(await runCli(["drill"], { env })).toEqual(refused(reason));
    expect(await runCli(["restore", "latest", "--replace"], { env })).toEqual(refused(reason));
  }
  expect((await list(env))[0].verifications.map((each: { outcome: string }) => each.outcome)).not.toContain("verified");
  writeFileSync(name, bytes);
  expect(await json(["backup", "verify"], env)).toMatchObject({ outcome: "verified" });
  appendFileSync(join(folder, "backup.json"), " ");
  expect(await runCli(["restore", id, "--replace"], { env })).toEqual(refused(/backup\.json is damaged/));
});

test("an encrypted backup opens with its key only, and a flipped bit in it is found", async () => {
  const { dataDir, stop } = await holdFilledDatabase();
  const [key, other] = [await makeKey(), await makeKey()];
  const env = { DATA_DIR: dataDir, BACKUP_KEY: key.recipient };
  const { repository, id, files } = await json(["backup"], env);
  expect(files.every((file: { name: string }) => file.name.endsWith(".age"))).toBe(true);
  await stop();
  const drill = (BACKUP_KEY: string) => runCli(["drill"], { env: { ...env, BACKUP_KEY } });
  expect(await drill(key.recipient)).toEqual(refused(/inconclusive.*encrypted/));
  expect(await drill(other.identity)).toEqual(refused(/inconclusive.*does not open/));
  expect(await runCli(["restore", "latest", "--replace"], { env })).toEqual(refused(/encrypted/));
  expect(await drill(key.identity)).toMatchObject({ code: 0 });
  const name = join(dataDir, "files/backups", repository, "base", id, "base.tar.zst.age");
  writeFileSync(name, flip(readFileSync(name), 0.3));
  expect(await drill(key.identity)).toEqual(refused(/failed.*damaged/));
});

test("a key is shown once and must be typed again", async () => {
  const { confirmed, refusal } = {
    confirmed: await confirmKey(text => text),
    refusal: await confirmKey(() => "age1other"),
  };
  expect(confirmed.stdout).toMatch(/BACKUP_KEY=age1[a-z0-9]+/);
  expect(refusal).toMatchObject({ code: 1 });
  expect(refusal.stdout).not.toMatch(/BACKUP_KEY=/);
});

async function makeKey(): Promise<{ identity: string; recipient: string }> {
  const { stdout } = await confirmKey(text => text);
  return { identity: /AGE-SECRET-KEY-1\w+/.exec(stdout)![0], recipient: /age1[a-z0-9]+/.exec(stdout)![0] };
}

/** @param type  what somebody types when the key is shown */
async function confirmKey(type: (shown: string) => string): Promise<{ code: number; stdout: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "main.ts"), "backup", "key"], {
    env: { PATH: process.env.PATH },
    stdio: ["pipe", "pipe", "ignore"],
  });
  let stdout = "";
  let isTyped = false;
  child.stdout.on("data", chunk => {
    stdout += chunk;
    const [shown] = /AGE-SECRET-KEY-1\w+(?=\n)/.exec(stdout) ?? [];
    if (shown && !isTyped) child.stdin.end(`${type(shown)}\n`);
    isTyped ||= shown !== undefined;
  });
  const [code] = await once(child, "close");
  return { code, stdout };
}

/** With one bit changed, this far into the file. */
function flip(bytes: Buffer, part: number): Buffer {
  const flipped = Buffer.from(bytes);
  flipped[Math.floor(bytes.length * part)]! ^= 4;
  return flipped;
}

const oneLine = (pattern: RegExp) => expect.stringMatching(new RegExp(`^(?=[^\\n]*\\n$)[^\\n]*(?:${pattern.source})`));

const refused = (pattern: RegExp) => ({ code: 1, stdout: "", stderr: oneLine(pattern) });

async function json(args: string[], env: Env) {
  const { code, stdout, stderr } = await runCli([...args, "--json"], { env });
  expect({ code, stderr }, args.join(" ")).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout);
}

async function list(env: Env) {
  const { stdout } = await runCli(["backup", "list", "--json"], { env });
  return stdout
    .split("\n")
    .filter(Boolean)
    .map(line => JSON.parse(line));
}
