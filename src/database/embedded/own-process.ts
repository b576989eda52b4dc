import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";

/** The user that runs PostgreSQL if the current one is root, and the command that switches to it. */
export type Account = { uid: number; gid: number; prefix: string[] };

// PostgreSQL reads defaults from PG… and LC_… variables. The operator's own must not reach it.
const env = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C", TZ: "UTC" };

/**
 * Starts a program in its own process group, so that Ctrl-C in the terminal does not reach it. If this process exits in
 * any way but kill -9, the program ends too.
 * @param lastSignal  is sent to the group if this process exits first
 */
export function spawnOwned(
  account: Account | null,
  file: string,
  args: string[],
  lastSignal: NodeJS.Signals,
  stdio: SpawnOptions["stdio"],
): ChildProcess {
  const [program = file, ...rest] = [...(account?.prefix ?? []), file, ...args];
  const user = account && account.prefix.length === 0 ? { uid: account.uid, gid: account.gid } : {};
  const child = spawn(program, rest, { ...user, cwd: "/", env, stdio, detached: true });
  const end = () => signalGroup(child, lastSignal);
  process.once("exit", end);
  child.once("exit", () => process.off("exit", end));
  child.once("error", () => process.off("exit", end));
  return child;
}

/** Runs a program to its end. The output is stdout and stderr together. The code is null if it could not start. */
export function run(
  account: Account | null,
  file: string,
  args: string[],
  input = "",
): Promise<{ code: number | null; output: string }> {
  return new Promise(resolve => {
    const child = spawnOwned(account, file, args, "SIGKILL", ["pipe", "pipe", "pipe"]);
    let output = "";
    const collect = (chunk: Buffer) => {
      output += chunk;
    };
    child.stdout?.on("data", collect);
    child.stderr?.on("data", collect);
    child.once("error", error => resolve({ code: null, output: error.message }));
    child.once("close", code => resolve({ code, output }));
    child.stdin?.on("error", () => {}); // a program that ends early reports the reason itself
    child.stdin?.end(input);
  });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid) process.kill(-child.pid, signal);
  } catch {
    // It has ended already.
  }
}
