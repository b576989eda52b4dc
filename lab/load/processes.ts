import { readFileSync } from "node:fs";
import { childrenOf } from "#lab/programs/processes.ts";
import { cpuTicksOf, ticksPerSecond } from "./cpu.ts";

/** Bytes: what they hold in memory, and the same with shared pages split among those who share them. */
export type Memory = { rssBytes: number; pssBytes: number };

/** Seconds of processor time so far of processes that still run. */
export const readCpu = (pids: number[]): number =>
  pids.reduce((total, pid) => total + cpuTicksOf(pid), 0) / ticksPerSecond;

/** A process, those that it started, and so on. */
export const familyOf = (pid: number): number[] => [pid, ...childrenOf(pid).flatMap(familyOf)];

export const parentOf = (pid: number): number => numberIn(readFileSync(`/proc/${pid}/status`, "utf8"), "PPid");

export function readMemory(pids: number[]): Memory {
  const memory = { rssBytes: 0, pssBytes: 0 };
  for (const pid of pids) {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    memory.rssBytes += numberIn(text, "Rss") * 1024; // smaps_rollup counts in kB
    memory.pssBytes += numberIn(text, "Pss") * 1024;
  }
  return memory;
}

const numberIn = (text: string, name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0);
