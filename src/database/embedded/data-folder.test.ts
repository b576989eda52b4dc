import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { eventually } from "#lab/eventually.ts";
import { isRoot, makeFolder } from "#lab/programs/folders.ts";
import { startProgram } from "#lab/programs/programs.ts";
import { openDataFolder } from "./data-folder.ts";
import { acquireLock, findHolder, type Holder } from "./instance-lock.ts";

test("the first start creates the folder for its owner only, and secrets that stay the same", async () => {
  const dir = join(makeFolder(), "deep", "data");
  const first = await openDataFolder(dir);
  expect(statSync(dir).mode & 0o777).toBe(0o700);
  expect(statSync(join(dir, "secrets.json")).mode & 0o777).toBe(0o600);
  expect(Buffer.from(first.secrets.secret, "base64url")).toHaveLength(32);
  await first.close();

  const second = await openDataFolder(dir);
  expect(second.secrets).toEqual(first.secrets);
  await second.close();
  expect(readdirSync(dir)).toEqual(["secrets.json"]);
});

test("a second start on the same folder is refused with the id of its process, until that one stops", async () => {
  const dir = makeFolder();
  const folder = await openDataFolder(dir);
  await expect(openDataFolder(dir)).rejects.toMatchObject({
    code: "data_folder_in_use",
    message: expect.stringContaining(`process ${process.pid}`),
  });
  await folder.close();
  await (await openDataFolder(dir)).close();
});

test("the lock of a dead process is taken over by exactly one of many", async () => {
  const path = join(makeFolder(), "lock");
  const ended = startProgram("lab/clusters/hold-database.ts", ["/dev/null"]);
  await ended.ended;
  writeFileSync(path, await lockText(path, { pid: ended.process.pid! }));
  const locks = await Promise.all(Array.from({ length: 8 }, () => acquireLock(path)));
  expect(locks.filter(lock => "release" in lock)).toHaveLength(1);
});

test("the lock of a killed process is taken over, also of a zombie", async () => {
  const path = join(makeFolder(), "lock");
  const hold = `import("${import.meta.dirname}/instance-lock.ts").then(m => m.acquireLock("${path}")).then(() => console.log(process.pid)); setInterval(() => {}, 1000)`;
  // `exec` makes the shell a parent that never waits for its child.
  const parent = spawn("sh", ["-c", `"$0" -e "$1" & exec sleep 60`, process.execPath, hold]);
  onTestFinished(() => void parent.kill());
  const [pid] = await once(parent.stdout, "data");
  expect(await acquireLock(path)).toMatchObject({ pid: Number(pid) });
  process.kill(Number(pid), "SIGKILL");
  await eventually(async () => expect(await findHolder(path)).toBeNull());
  await release(await acquireLock(path));
});

test("a lock whose process id belongs to another process is taken over, even if that is this one", async () => {
  const path = join(makeFolder(), "lock");
  for (const pid of [process.pid, 1]) {
    writeFileSync(path, await lockText(path, { pid, startedAt: "1" }));
    await release(await acquireLock(path));
  }
});

test("a lock that was not written whole is taken over", async () => {
  const path = join(makeFolder(), "lock");
  writeFileSync(path, '{"pid":');
  await release(await acquireLock(path));
});

test("a lock from another machine or container is valid while its file time moves", async () => {
  const path = join(makeFolder(), "lock");
  writeFileSync(path, await lockText(path, { place: "elsewhere" }));
  const life = setInterval(() => utimesSync(path, new Date(), new Date()), 100);
  onTestFinished(() => clearInterval(life));
  expect(await acquireLock(path)).toMatchObject({ place: "elsewhere" });
  clearInterval(life);
  await release(await acquireLock(path));
});

test("a folder that is not writable is refused in one line", async () => {
  const dir = makeFolder();
  chmodSync(dir, 0o555);
  // Root may write everywhere, so root tests it as an ordinary user.
  const { code, stderr } = await startProgram("lab/clusters/hold-database.ts", [dir], isRoot ? { uid: 65534 } : {})
    .ended;
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `The data folder ${dir} is not writable for this user. Change its owner, or set DATA_DIR to another folder.\n`,
  });
  expect(readdirSync(dir)).toEqual([]);
});

test("a file in place of the folder is refused", async () => {
  const path = join(makeFolder(), "data");
  writeFileSync(path, "");
  await expect(openDataFolder(path)).rejects.toMatchObject({ code: "data_folder_unusable" });
  await expect(openDataFolder(join(path, "below"))).rejects.toMatchObject({ code: "data_folder_unusable" });
});

test("too little free space is refused at the start, with the amounts", async () => {
  const dir = makeFolder();
  await expect(openDataFolder(dir, { minBytes: Number.MAX_SAFE_INTEGER })).rejects.toMatchObject({
    code: "disk_full",
    message: expect.stringMatching(/has \d+ MB left; a start needs \d+ MB/),
  });
  expect(readdirSync(dir)).toEqual([]);
});

test("damaged secrets are refused, and never replaced", async () => {
  const dir = makeFolder();
  writeFileSync(join(dir, "secrets.json"), "{}");
  await expect(openDataFolder(dir)).rejects.toMatchObject({ code: "data_folder_unusable" });
  expect(readFileSync(join(dir, "secrets.json"), "utf8")).toBe("{}");
  expect(readdirSync(dir)).toEqual(["secrets.json"]);
});

/** What this process would write into the lock, with something else in it. */
async function lockText(path: string, change: Partial<Holder>): Promise<string> {
  const lock = await acquireLock(path);
  const mine = JSON.parse(readFileSync(path, "utf8"));
  await release(lock);
  return JSON.stringify({ ...mine, ...change });
}

async function release(lock: Awaited<ReturnType<typeof acquireLock>>): Promise<void> {
  if (!("release" in lock)) throw new Error(`held by ${JSON.stringify(lock)}`);
  await lock.release();
}
