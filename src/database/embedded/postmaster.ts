import { createServer } from "node:net";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { AppError } from "#protocol/errors.ts";
import type { Binaries } from "./binaries.ts";
import { diskFull } from "./folder-errors.ts";
import { type Account, spawnOwned } from "./own-process.ts";
import { openLog, readLogFrom, rotateLog, tellingLine } from "./postgres-log.ts";

export type Postmaster = {
  /** as the superuser `prochat`, to the database `prochat` */
  url: string;
  /** Ends it with a checkpoint; the connections that are left are cut. */
  stop(): Promise<void>;
  /** resolves to its exit status when it has ended, stopped or not */
  exited: Promise<number | null>;
};

type Start = {
  binaries: Binaries;
  account: Account | null;
  dir: string;
  password: string;
  logPath: string;
  settings: Record<string, string>;
  /** where it was before; without it a free one */
  port?: number;
};

const attempts = 20;

/** How it is asked to stop, more and more firmly, and for how long each. */
const stopSteps = [
  ["SIGTERM", 1_000], // when the last connection has closed; ours are just closing
  ["SIGINT", 60_000], // cutting the connections that are left
  ["SIGQUIT", 10_000], // at once; the next start recovers
  ["SIGKILL", 10_000],
] as const;

/**
 * Starts PostgreSQL on a port of 127.0.0.1 and waits until it takes connections, through a recovery too.
 * @throws AppError "database_failed" with the telling line of its log, or "disk_full"
 */
export async function startPostmaster(p: Start): Promise<Postmaster> {
  await rotateLog(p.logPath);
  for (let attempt = 1; ; attempt++) {
    const started = await tryStart(p);
    if (typeof started !== "string") return started;
    // Somebody took the free port first, or the last children of a killed postmaster are still on their way out.
    const passing = started.includes("could not bind") || started.includes("shared memory block");
    if (!passing || attempt === attempts) throw explainFailure(p, started);
    await sleep(250);
  }
}

export const embeddedUrl = (password: string, port: number) =>
  `postgres://prochat:${password}@127.0.0.1:${port}/prochat`;

/** @returns PostgreSQL, or what it logged before it gave up */
async function tryStart(p: Start): Promise<Postmaster | string> {
  const port = p.port ?? (await findFreePort());
  const url = embeddedUrl(p.password, port);
  const log = await openLog(p.logPath);
  try {
    const { size } = await log.stat();
    const settings = Object.entries({ ...p.settings, port }).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const child = spawnOwned(p.account, p.binaries.postgres, ["-D", p.dir, ...settings], "SIGQUIT", [
      "ignore",
      log.fd,
      log.fd,
    ]);
    const exited = new Promise<number | null>(resolve => {
      child.once("exit", resolve);
      child.once("error", () => resolve(null));
    });
    const end = () => stop(signal => child.kill(signal), exited);
    const ready = await waitUntilReady(url, exited).catch(async error => {
      await end();
      throw error;
    });
    if (!ready) return await readLogFrom(log, size);

    const rotation = setInterval(() => rotateLog(p.logPath).catch(() => {}), 3_600_000).unref();
    exited.then(() => clearInterval(rotation));
    return { url, exited, stop: end };
  } finally {
    await log.close();
  }
}

async function stop(kill: (signal: NodeJS.Signals) => boolean, exited: Promise<unknown>): Promise<void> {
  for (const [signal, boundMs] of stopSteps) {
    kill(signal);
    const bound = new AbortController();
    const late = sleep(boundMs, true, { signal: bound.signal, ref: false }).catch(() => false);
    const isLate = await Promise.race([exited.then(() => false), late]);
    bound.abort();
    if (!isLate) return;
  }
}

/** @returns false when PostgreSQL ended first */
async function waitUntilReady(url: string, exited: Promise<unknown>): Promise<boolean> {
  let ended = false;
  exited.then(() => {
    ended = true;
  });
  while (!ended) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
    client.on("error", () => {}); // what matters comes back from connect()
    try {
      await client.connect();
      await client.end();
      return true;
    } catch (error) {
      // Not listening yet, or recovering from a crash, which takes as long as it takes; anything else is final.
      const code = (error as { code?: string }).code ?? "";
      if (/^(28|3D)/.test(code)) throw refused(error);
      await Promise.race([sleep(50), exited]);
    }
  }
  return false;
}

function refused(cause: unknown): AppError {
  return new AppError(
    "database_failed",
    `The embedded PostgreSQL refuses its own user (${(cause as Error).message}): secrets.json is not the one that its ` +
      "data folder was made with. Put the right one back.",
    { cause },
  );
}

function explainFailure(p: Start, output: string): AppError {
  if (output.includes("No space left on device")) return diskFull(dirname(p.dir));
  return new AppError(
    "database_failed",
    `PostgreSQL did not start: ${tellingLine(output)} (${p.logPath}). Mend that, or set DATABASE_URL.`,
    { details: output },
  );
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
