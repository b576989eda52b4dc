import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { summarize } from "#lab/load/latency.ts";
import type { Send } from "./targets.ts";

/** The newest in Debian 12; it works with newer servers too. */
export const pgbenchPath = "/usr/lib/postgresql/15/bin/pgbench";

/** Prepared statements, one round trip each. Every tenth transaction is logged, for the 99th percentile. */
export const sendByPgbench: Send = async (url, { targets, clients, seconds, body }) => {
  const folder = await mkdtemp(join(tmpdir(), "prochat-pgbench-"));
  const variables = { website: targets.websiteId, prefix: targets.prefix, conversations: targets.conversations, body };
  const args = [
    ...["--no-vacuum", "--protocol=prepared", `--client=${clients}`, "--jobs=2", `--time=${seconds}`],
    ...["--log", `--log-prefix=${join(folder, "log")}`, "--sampling-rate=0.1"],
    ...["--file", join(import.meta.dirname, "one-send.sql")],
    ...Object.entries(variables).map(([name, value]) => `--define=${name}=${value}`),
    url,
  ];
  try {
    const stdout = await run(args, seconds);
    const messages = numberIn(stdout, /transactions actually processed: (\d+)/);
    return {
      messages,
      messagesPerSecond: messages === 0 ? 0 : numberIn(stdout, /tps = ([\d.]+)/), // of none it prints no rate
      p99Ms: await readP99(folder),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
};

/** @returns what it printed */
async function run(args: string[], seconds: number): Promise<string> {
  const running = promisify(execFile)(pgbenchPath, args, { env: { LC_ALL: "C" }, timeout: (seconds + 30) * 1_000 });
  const end = () => running.child.kill();
  process.once("exit", end);
  try {
    return (await running).stdout;
  } finally {
    process.off("exit", end);
  }
}

function numberIn(text: string, pattern: RegExp): number {
  const [, digits] = pattern.exec(text) ?? [];
  if (digits === undefined) throw new Error(`pgbench printed no ${pattern}: ${text}`);
  return Number(digits);
}

/** Each line of its logs is a transaction: client, number, microseconds … */
async function readP99(folder: string): Promise<number> {
  const logs = await Promise.all((await readdir(folder)).map(name => readFile(join(folder, name), "utf8")));
  // On a slow machine a thread's log may be empty.
  const lines = logs.flatMap(log => log.split("\n").filter(Boolean));
  const micros = lines.map(line => Number(line.split(" ")[2]));
  return summarize([Float64Array.from(micros, each => each / 1_000)]).p99Ms;
}
