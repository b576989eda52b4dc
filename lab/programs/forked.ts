import { fork } from "node:child_process";
import { once } from "node:events";

export type Forked<Ready> = { pid: number; ready: Ready; stop(): Promise<void> };

/**
 * Runs a module as a process of its own and waits for its first message (process.send): it is ready. If the module calls
 * endWithParent(), it ends when this process ends, also by kill -9.
 * @throws Error if it ends before it is ready
 */
export async function forkProgram<Ready>(path: string, args: string[]): Promise<Forked<Ready>> {
  // execArgv: without this, the child would inherit options such as --eval and --cpu-prof.
  const child = fork(path, args, { stdio: ["ignore", "inherit", "inherit", "ipc"], execArgv: [] });
  const ended = once(child, "exit");
  const tooSoon = ended.then(([code, signal]) => {
    throw new Error(`${path} ended with ${signal ?? `status ${code}`} before it was ready.`);
  });
  const [ready] = await Promise.race([once(child, "message"), tooSoon]);
  tooSoon.catch(() => {}); // ready: now it may end
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
