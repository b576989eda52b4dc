import { readdir, readFile, readlink, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "#platform/log.ts";
import { run } from "./own-process.ts";

/** What a postmaster writes into its folder, and leaves there when it is killed. */
export async function readPostmasterFile(dir: string): Promise<{ pid: number; port: number; ready: boolean } | null> {
  const text = await readFile(join(dir, "postmaster.pid"), "utf8").catch(() => "");
  const lines = text.split("\n");
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return pid > 0 && port > 0 ? { pid, port, ready: lines[7]?.trim() === "ready" } : null;
}

/**
 * Stops a PostgreSQL that outlived its Pro LiveChat (kill -9), so that a new one may start on the folder. Processes are
 * recognised by the folder they work in: a process id found in a file may by now be anybody's.
 */
export async function stopLeftover(dir: string, log: Log): Promise<void> {
  const found = await listClusterProcesses(dir);
  if (found.length > 0) {
    log.warn(`A PostgreSQL that outlived its Pro LiveChat (process ${found[0]}) is being stopped.`);
    const postmaster = (await readPostmasterFile(dir))?.pid;
    if (postmaster && found.includes(postmaster)) await signalUntilGone([postmaster], dir, "SIGINT", 30_000);
    // Children without their postmaster end by themselves as soon as they notice.
    await signalUntilGone(await listClusterProcesses(dir), dir, "SIGQUIT", 10_000);
    await signalUntilGone(await listClusterProcesses(dir), dir, "SIGKILL", 10_000);
  }
  // Left behind, its process id may be another process's by now, for which PostgreSQL would refuse to start.
  await rm(join(dir, "postmaster.pid"), { force: true });
}

/** The PostgreSQL processes that work in a cluster's folder. */
export async function listClusterProcesses(dir: string): Promise<number[]> {
  const folder = await realpath(dir);
  const pids = await readdir("/proc").catch(() => null);
  if (!pids) return listByCommandLine(folder);
  const inFolder = await Promise.all(
    pids.filter(Number).map(async pid => {
      const [cwd, name] = await Promise.all([
        readlink(`/proc/${pid}/cwd`).catch(() => ""),
        readFile(`/proc/${pid}/comm`, "utf8").catch(() => ""),
      ]);
      return cwd === folder && name.trim() === "postgres" ? [Number(pid)] : [];
    }),
  );
  return inFolder.flat();
}

/** Where there is no /proc: finds the postmaster only, whose children end with it. */
async function listByCommandLine(folder: string): Promise<number[]> {
  const { output } = await run(null, "ps", ["-axo", "pid=,command="]);
  return output
    .split("\n")
    .filter(line => line.includes(`postgres -D ${folder} `))
    .map(line => Number.parseInt(line, 10));
}

async function signalUntilGone(pids: number[], dir: string, signal: NodeJS.Signals, boundMs: number): Promise<void> {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended just now.
    }
  }
  for (const end = Date.now() + boundMs; Date.now() < end; await sleep(50)) {
    const alive = await listClusterProcesses(dir);
    if (!pids.some(pid => alive.includes(pid))) return;
  }
}
