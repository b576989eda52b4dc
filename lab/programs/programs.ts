import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Node keeps what it compiled there: the tests start some three hundred programs, each in half the processor time. */
const compileCache = join(tmpdir(), "prochat-compile-cache");
const root = join(import.meta.dirname, "../..");

export type Program = {
  process: ChildProcess;
  /** the first line it prints; rejects with what it complained of when it ends without one */
  firstLine: Promise<string>;
  ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
};

type Options = {
  env?: Record<string, string>;
  /** when we are root: run as the ordinary user with this id */
  uid?: number;
};

/** Starts a TypeScript program of this repository on the runtime that the tests run on. */
export function startProgram(path: string, args: string[], { env = {}, uid }: Options = {}): Program {
  const command = [process.execPath, join(root, path), ...args];
  // As another user it may still walk to the repository wherever that lies, but write nowhere that is not its own.
  const cap = "+dac_read_search";
  // Without the bit, access(2), by which initdb looks for its parts, would forget the capability.
  const bit = "--securebits=+no_setuid_fixup";
  const ids = [bit, `--reuid=${uid}`, `--regid=${uid}`, "--clear-groups", `--inh-caps=${cap}`, `--ambient-caps=${cap}`];
  if (uid !== undefined) command.unshift("setpriv", ...ids);
  const [file = "", ...rest] = command;
  const child = spawn(file, rest, {
    cwd: root,
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: compileCache, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stderr.on("data", chunk => {
    stderr += chunk;
  });
  const ended = once(child, "close").then(([code]) => ({ code, stdout, stderr }));
  const firstLine = new Promise<string>((resolve, reject) => {
    child.stdout.on("data", chunk => {
      stdout += chunk;
      if (stdout.includes("\n")) resolve(stdout.slice(0, stdout.indexOf("\n")));
    });
    ended.then(() => reject(new Error(stderr.trim())));
  });
  firstLine.catch(() => {}); // a test that only waits for the end does not ask for it
  return { process: child, firstLine, ended };
}

/** Runs the command line to its end. */
export const runCli = (args: string[], options?: Options) => startProgram("src/cli/main.ts", args, options).ended;
