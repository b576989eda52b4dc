import { existsSync, readFileSync } from "node:fs";

/** What Linux says of processes, from /proc: see proc(5). */

/** Bytes: what they hold in memory, and the same with shared pages split among those who share them. */
export type Memory = { rssBytes: number; pssBytes: number };

/** Linux counts processor time in hundredths of a second. */
const ticksPerSecond = 100;

/** A process that has ended but that its parent has not waited for (a zombie) does not run. */
export function isRunning(pid: number): boolean {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return false;
  try {
    return !/\) [ZX] /.test(readFileSync(path, "utf8"));
  } catch {
    return false; // it ended between the two looks
  }
}

/** The running processes that a process has started. */
export const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);

/** A process, its children, their children, and so on. */
export const familyOf = (pid: number): number[] => [pid, ...childrenOf(pid).flatMap(familyOf)];

/** Seconds of processor time so far of processes that still run. */
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

/** Of a process and of its children that have ended; 0 when the process itself has ended. */
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
