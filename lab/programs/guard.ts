import { fork } from "node:child_process";
import { rmSync } from "node:fs";
import { isRunning } from "./processes.ts";

/**
 * Cleans up after a benchmark that ended without doing so, even by kill -9. The guard is a process of its own. It knows
 * what the benchmark has started, and cleans up when its channel to the benchmark closes.
 */
export type Guard = {
  /** Will kill the process. @returns to be called when the process has ended by itself */
  process(pid: number): () => void;
  /** Will remove the folder. @returns to be called when the folder was removed */
  folder(path: string): () => void;
  stop(): void;
};

/** For tests: vitest cleans up after them. */
export const noGuard: Guard = { process: () => () => {}, folder: () => () => {}, stop: () => {} };

type Change = { what: "process" | "folder"; which: number | string; isAdded: boolean };

export function startGuard(): Guard {
  const child = fork(import.meta.filename, { detached: true, execArgv: [] });
  const add = (what: Change["what"], which: number | string) => {
    child.send({ what, which, isAdded: true } satisfies Change);
    return () => void (child.connected && child.send({ what, which, isAdded: false } satisfies Change));
  };
  // Ctrl-C and a closed terminal reach the guard too: it must outlive them to clean up.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(1));
  return {
    process: pid => add("process", pid),
    folder: path => add("folder", path),
    stop: () => child.disconnect(),
  };
}

function watch(): void {
  const pids = new Set<number>();
  const folders = new Set<string>();
  process.on("message", ({ what, which, isAdded }: Change) => {
    const listed: Set<unknown> = what === "process" ? pids : folders;
    if (isAdded) listed.add(which);
    else listed.delete(which);
  });
  process.on("disconnect", () => {
    for (const pid of pids) if (isRunning(pid)) process.kill(pid, "SIGKILL");
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    process.exit();
  });
}

if (process.argv[1] === import.meta.filename) watch();
