import { existsSync, readFileSync, readlinkSync } from "node:fs";
import { readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

/** The holder of a lock. A process id is not enough: ids are reused, soonest of all in a restarted container. */
export type Holder = {
  pid: number;
  /** when the process started, in the kernel's unit; null without /proc */
  startedAt: string | null;
  /** where the process id is valid: one boot of one machine, one container on it */
  place: string;
};

export type Lock = { release(): Promise<void> };

const heartbeatMs = 2000;
const retryMs = 100;
const maxTakeoverMs = 10_000;

/** Takes the lock for this process, also from a dead holder. Returns the holder if it lives. */
export async function acquireLock(path: string): Promise<Lock | Holder> {
  for (;;) {
    const mine = await writeLock(path);
    if (mine) return holdLock(path, mine);
    const text = await readLock(path);
    if (text === null) continue;
    const holder = parseHolder(text);
    if (holder && (await isAlive(holder, path))) return holder;
    await removeStale(path, text);
  }
}

/** The living holder of a lock, or null. */
export async function findHolder(path: string): Promise<Holder | null> {
  const text = await readLock(path);
  const holder = text === null ? null : parseHolder(text);
  return holder && (await isAlive(holder, path)) ? holder : null;
}

/** True if the holder's process id is valid here, and not in another container or machine. */
export const isHere = (holder: Holder) => holder.place === place();

/** @returns the written text, or null if the lock exists already */
async function writeLock(path: string): Promise<string | null> {
  const me: Holder = { pid: process.pid, startedAt: startOf(process.pid), place: place() };
  const text = JSON.stringify(me);
  try {
    await writeFile(path, text, { flag: "wx", mode: 0o600 });
    return text;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return null;
    // A lock that was not written whole (disk full) must not stay.
    if ((error as NodeJS.ErrnoException).code === "ENOSPC") await rm(path, { force: true });
    throw error;
  }
}

function holdLock(path: string, mine: string): Lock {
  // Another container or machine can see only by the file's time that this holder lives.
  const heartbeat = setInterval(() => utimes(path, new Date(), new Date()).catch(() => {}), heartbeatMs).unref();
  return {
    async release() {
      clearInterval(heartbeat);
      if ((await readFile(path, "utf8").catch(() => null)) === mine) await rm(path, { force: true });
    },
  };
}

/** The lock's text; waits until it is written whole. Null if there is no lock. */
async function readLock(path: string): Promise<string | null> {
  for (let attempt = 0; ; attempt++) {
    const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null;
      throw error;
    });
    if (text === null || parseHolder(text) || attempt === 5) return text;
    await sleep(retryMs);
  }
}

function parseHolder(text: string): Holder | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function isAlive(holder: Holder, path: string): Promise<boolean> {
  if (!isHere(holder)) {
    const before = await findStat(path);
    await sleep(heartbeatMs * 2.5);
    const after = await findStat(path);
    return after !== null && after.mtimeMs !== before?.mtimeMs;
  }
  if (!processExists(holder.pid)) return false;
  return holder.startedAt === null ? holder.pid !== process.pid : holder.startedAt === startOf(holder.pid);
}

/** Removes a stale lock. Of many processes that find it, one at a time may check and remove it. */
async function removeStale(path: string, staleText: string): Promise<void> {
  const takeover = `${path}.takeover`;
  try {
    await writeFile(takeover, "", { flag: "wx", mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const { mtimeMs } = (await findStat(takeover)) ?? { mtimeMs: Date.now() };
    if (Date.now() - mtimeMs > maxTakeoverMs) await rm(takeover, { force: true }); // its process was killed
    return sleep(retryMs);
  }
  try {
    if ((await readLock(path)) === staleText) await rm(path);
  } finally {
    await rm(takeover, { force: true });
  }
}

const findStat = (path: string) => stat(path).catch(() => null);

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * When a process started; null without /proc, and for a zombie. These are fields 3 and 22 of /proc/<pid>/stat, counted
 * from the end of the name, which may contain spaces and brackets: see proc(5).
 */
function startOf(pid: number): string | null {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return null;
  const stat = readFileSync(path, "utf8");
  const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return state === "Z" || state === "X" ? null : (fields[18] ?? null);
}

function place(): string {
  if (!existsSync("/proc/self/ns/pid")) return hostname();
  return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${readlinkSync("/proc/self/ns/pid")}`;
}
