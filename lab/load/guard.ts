import { fork } from "node:child_process";
import { rmSync } from "node:fs";
import { isRunning } from "#lab/programs/processes.ts";

/**
 * Ends what a benchmark has started, should the benchmark end first, be it by kill -9: a process of its own, told what
 * there is, which acts when its line to the benchmark breaks.
 */
export type Guard = {
  /** @returns how to say that it has ended by itself */
  process(pid: number): () => void;
  /** @returns how to say that it is gone */
  folder(path: string): () => void;
  stop(): void;
};

type Told = { what: "process" | "folder"; which: number | string; begins: boolean };

export function startGuard(): Guard {
  const child = fork(import.meta.filename, { detached: true, execArgv: [] });
  const keep = (what: Told["what"], which: number | string) => {
    child.send({ what, which, begins: true } satisfies Told);
    return () => void (child.connected && child.send({ what, which, begins: false } satisfies Told));
  };
  // Ctrl-C, and a terminal that is closed: the guard sees the end.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(1));
  return {
    process: pid => keep("process", pid),
    folder: path => keep("folder", path),
    stop: () => child.disconnect(),
  };
}

function watch(): void {
  const pids = new Set<number>();
  const folders = new Set<string>();
  process.on("message", ({ what, which, begins }: Told) => {
    const held: Set<unknown> = what === "process" ? pids : folders;
    if (begins) held.add(which);
    else held.delete(which);
  });
  process.on("disconnect", () => {
    for (const pid of pids) if (isRunning(pid)) process.kill(pid, "SIGKILL");
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    process.exit();
  });
}

if (process.argv[1] === import.meta.filename) watch();
