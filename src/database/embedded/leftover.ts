import { readdir, readFile, readlink, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "#platform/log.ts";
import { run } from "./own-process.ts";

/** Reads the file that a postmaster writes into its folder, and leaves there if it is killed. */
export async function readPostmasterFile(dir: string): Promise<{ pid: number; port: number; ready: boolean } | null> {
  const text = await readFile(join(dir, "postmaster.pid"), "utf8").catch(() => "");
  const lines = text.split("\n");
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return pid > 0 && port > 0 ? { pid, port, ready: lines[7]?.trim() === "ready" } : null;
}

/**
 * Stops a PostgreSQL whose Pro LiveChat was killed (kill -9), so that a new one can start on the folder. It finds the
 * processes by their working folder: a process id in a file may belong to another program by now.
 */
export async function stopLeftover(dir: string, log: Log): Promise<void> {
  const found = await listClusterProcesses(dir);
  if (found.length > 0) {
    log.warn(`Stopping the PostgreSQL of a Pro LiveChat that was killed (process ${found[0]}).`);
    const postmaster = (await readPostmasterFile(dir))?.pid;
    if (postmaster && found.includes(postmaster)) await signalUntilEnded([postmaster], dir, "SIGINT", 30_000);
    // Children without a postmaster end by themselves when they notice.
    await signalUntilEnded(await listClusterProcesses(dir), dir, "SIGQUIT", 10_000);
    await signalUntilEnded(await listClusterProcesses(dir), dir, "SIGKILL", 10_000);
  }
  // PostgreSQL refuses to start if the process id in this file belongs to a running process, whichever it is.
  await rm(join(dir, "postmaster.pid"), { force: true });
}

/** The PostgreSQL processes whose working folder is the cluster's. */
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

/** For systems without /proc: finds the postmaster only. Its children end with it. */
async function listByCommandLine(folder: string): Promise<number[]> {
  const { output } = await run(null, "ps", ["-axo", "pid=,command="]);
  return output
    .split("\n")
    .filter(line => line.includes(`postgres -D ${folder} `))
    .map(line => Number.parseInt(line, 10));
}

async function signalUntilEnded(pids: number[], dir: string, signal: NodeJS.Signals, maxMs: number): Promise<void> {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended already.
    }
  }
  for (const end = Date.now() + maxMs; Date.now() < end; await sleep(50)) {
    const alive = await listClusterProcesses(dir);
    if (!pids.some(pid => alive.includes(pid))) return;
  }
}
