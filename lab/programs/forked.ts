import { fork } from "node:child_process";
import { once } from "node:events";

export type Forked<Ready> = { pid: number; ready: Ready; stop(): Promise<void> };

/**
 * Runs a module as a process of its own and waits for the first that it tells (process.send): that it is ready.
 * It ends with this process if it calls endWithParent(), however this one ends.
 * @throws Error when it ends before it is ready
 */
export async function forkProgram<Ready>(path: string, args: string[]): Promise<Forked<Ready>> {
  // execArgv: what this process was told to evaluate or to profile is its own.
  const child = fork(path, args, { stdio: ["ignore", "inherit", "inherit", "ipc"], execArgv: [] });
  const ended = once(child, "exit");
  const tooSoon = ended.then(([code, signal]) => {
    throw new Error(`${path} ended with ${signal ?? `status ${code}`} before it was ready.`);
  });
  const [ready] = await Promise.race([once(child, "message"), tooSoon]);
  tooSoon.catch(() => {}); // from now on it may end
  return {
    pid: child.pid!,
    ready,
    async stop() {
      child.kill();
      await ended;
    },
  };
}

/** For a module that was started by forkProgram. */
export const endWithParent = () => void process.on("disconnect", () => process.exit());
