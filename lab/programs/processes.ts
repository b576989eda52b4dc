import { existsSync, readFileSync } from "node:fs";

/** Reads processes from Linux's /proc: see proc(5). */

/** `rssBytes`: memory in use. `pssBytes`: the same, with shared pages divided among the processes that share them. */
export type Memory = { rssBytes: number; pssBytes: number };

/** Linux counts processor time in hundredths of a second. */
const ticksPerSecond = 100;

/** False for a zombie: it has ended, but its parent has not waited for it. */
export function isRunning(pid: number): boolean {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return false;
  try {
    return !/\) [ZX] /.test(readFileSync(path, "utf8"));
  } catch {
    return false; // it ended after existsSync()
  }
}

/** The running child processes of a process. */
export const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);

/** A process, its children, their children, and so on. */
export const familyOf = (pid: number): number[] => [pid, ...childrenOf(pid).flatMap(familyOf)];

/** Seconds of processor time that running processes have used. */
export const readCpu = (pids: number[]): number =>
  pids.reduce((total, pid) => total + cpuTicksOf(pid), 0) / ticksPerSecond;

export function readMemory(pids: number[]): Memory {
  const memory = { rssBytes: 0, pssBytes: 0 };
  for (const pid of pids) {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    memory.rssBytes += numberIn(text, "Rss") * 1024; // smaps_rollup counts in kB
    memory.pssBytes += numberIn(text, "Pss") * 1024;
  }
  return memory;
}

/** Of a process and of its ended children; 0 if the process itself has ended. */
function cpuTicksOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
    // utime, stime, cutime, cstime
    return fields.slice(11, 15).reduce((total, ticks) => total + Number(ticks), 0);
  } catch {
    return 0;
  }
}

const numberIn = (text: string, name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0);
