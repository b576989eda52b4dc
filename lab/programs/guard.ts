import { fork } from "node:child_process";
import { rmSync } from "node:fs";
import { isRunning } from "./processes.ts";

/**
 * Cleans up after a benchmark that ends without doing so itself, even by kill -9. The guard is a process of its own; it
 * knows what the benchmark has started, and acts when its channel to the benchmark closes.
 */
export type Guard = {
  /** Kills the process. @returns takes it off the list, to be called when it has ended by itself */
  process(pid: number): () => void;
  /** Removes the folder. @returns takes it off the list */
  folder(path: string): () => void;
  stop(): void;
};

/** For those who need none: what vitest runs cleans up after itself. */
export const noGuard: Guard = { process: () => () => {}, folder: () => () => {}, stop: () => {} };

type Change = { what: "process" | "folder"; which: number | string; isAdded: boolean };

export function startGuard(): Guard {
  const child = fork(import.meta.filename, { detached: true, execArgv: [] });
  const add = (what: Change["what"], which: number | string) => {
    child.send({ what, which, isAdded: true } satisfies Change);
    return () => void (child.connected && child.send({ what, which, isAdded: false } satisfies Change));
  };
  // After Ctrl-C, or in a terminal that is closed, the guard cleans up.
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
