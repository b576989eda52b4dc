import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Node's compile cache. The tests start about 300 programs; with the cache each takes half the processor time. */
const compileCache = join(tmpdir(), "prochat-compile-cache");
const root = join(import.meta.dirname, "../..");

export type Program = {
  process: ChildProcess;
  /** the first line that it prints; rejects with its errors if it ends without printing one */
  firstLine: Promise<string>;
  ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
};

type Options = {
  env?: Record<string, string>;
  /** if we are root: run as the ordinary user with this id */
  uid?: number;
  /** its output is not kept: it may be larger than a string can be */
  isDiscarded?: true;
};

/** Starts a TypeScript program of this repository with the same Node. It logs no slow statements: on a loaded machine any may be. */
export function startProgram(path: string, args: string[], { env = {}, uid, isDiscarded }: Options = {}): Program {
  const command = [process.execPath, join(root, path), ...args];
  // As another user it may still read the repository, wherever that is, but write only to its own files.
  const cap = "+dac_read_search";
  // Without the bit, access(2) would ignore the capability, and initdb would not find its files.
  const bit = "--securebits=+no_setuid_fixup";
  const ids = [bit, `--reuid=${uid}`, `--regid=${uid}`, "--clear-groups", `--inh-caps=${cap}`, `--ambient-caps=${cap}`];
  if (uid !== undefined) command.unshift("setpriv", ...ids);
  const [file = "", ...rest] = command;
  const child = spawn(file, rest, {
    cwd: root,
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: compileCache, SLOW_QUERY_MS: "600000", ...env },
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
      if (!isDiscarded) stdout += chunk;
      if (stdout.includes("\n")) resolve(stdout.slice(0, stdout.indexOf("\n")));
    });
    ended.then(() => reject(new Error(stderr.trim())));
  });
  firstLine.catch(() => {}); // some tests only wait for the end
  return { process: child, firstLine, ended };
}

/** Runs `prochat` and waits until it ends. */
export const runCli = (args: string[], options?: Options) => startProgram("src/cli/main.ts", args, options).ended;

/** Waits until a program ends. @throws the last lines of its errors, unless it ended well and wrote of none */
export async function finish({ ended }: Program): Promise<{ stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await ended;
  if (code === 0 && !stderr.includes("Error")) return { stdout, stderr };
  throw new Error(`ended with ${code}: ${stderr.trim().split("\n").slice(-10).join("\n")}`);
}
