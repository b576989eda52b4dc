import { existsSync, readFileSync } from "node:fs";

/** The processes that a process has started and that have not ended, by /proc. */
export const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);

/** One that has ended but that nobody has waited for does not run. */
export function isRunning(pid: number): boolean {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return false;
  try {
    return !/\) [ZX] /.test(readFileSync(path, "utf8"));
  } catch {
    return false; // it ended while we looked
  }
}
