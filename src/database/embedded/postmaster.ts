import { createServer } from "node:net";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseClient } from "#database/connection/client.ts";
import { connectionOptions } from "#database/connection/options.ts";
import { AppError } from "#protocol/errors.ts";
import type { Binaries } from "./binaries.ts";
import { diskFull } from "./folder-errors.ts";
import { findsLostRecovery } from "./lost-recovery.ts";
import { type Account, spawnOwned } from "./own-process.ts";
import { findReason, openLog, readLogFrom, readLogSince, rotateLog, saysDiskFull } from "./postgres-log.ts";

export type Postmaster = {
  /** to the database `prochat`, as its superuser `prochat` */
  url: string;
  /** Stops PostgreSQL with a checkpoint. Connections that are still open are terminated. */
  stop(): Promise<void>;
  /** resolves to the exit status when PostgreSQL has ended for any reason */
  exited: Promise<number | null>;
  /** true if it has logged since its start that its disk is full */
  isDiskFull(): Promise<boolean>;
  /** true if it was ended because it had lost its recovery: see lost-recovery.ts */
  hadLostRecovery(): boolean;
};

type Start = {
  binaries: Binaries;
  account: Account | null;
  dir: string;
  password: string;
  logPath: string;
  settings: Record<string, string>;
  /** of the last start; absent: any free port */
  port?: number;
  /** absent: of the superuser, over TCP */
  urlAt?: ((port: number) => string) | undefined;
};

const maxAttempts = 20;

/** The signals to stop it, each stronger than the one before, and the time to wait after each. */
const stopSteps = [
  ["SIGTERM", 1_000], // ends after the last connection has closed; ours are closing now
  ["SIGINT", 60_000], // terminates the open connections
  ["SIGQUIT", 10_000], // ends at once; the next start recovers
  ["SIGKILL", 10_000],
] as const;

/**
 * Starts PostgreSQL on a port of 127.0.0.1 and waits until it accepts connections, also through a recovery.
 * @throws AppError "database_failed" with the reason from its log, or "disk_full"
 */
export async function startPostmaster(p: Start): Promise<Postmaster> {
  await rotateLog(p.logPath);
  for (let attempt = 1; ; attempt++) {
    const started = await tryStart(p);
    if ("url" in started) return started;
    const { output, hadLostRecovery } = started;
    // Another program took the free port first, or the last children of a killed postmaster have not ended yet.
    const isTransient = hadLostRecovery || output.includes("could not bind") || output.includes("shared memory block");
    if (!isTransient || saysDiskFull(output) || attempt === maxAttempts) throw explainFailure(p, output);
    await sleep(250);
  }
}

/** As the superuser. */
export const embeddedUrl = (password: string, port: number) =>
  `postgres://prochat:${password}@127.0.0.1:${port}/prochat`;

/** @returns the running PostgreSQL, or its log if it ended */
async function tryStart(p: Start): Promise<Postmaster | { output: string; hadLostRecovery: boolean }> {
  const port = p.port ?? (await findFreePort());
  const url = p.urlAt?.(port) ?? embeddedUrl(p.password, port);
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
    const watching = new AbortController();
    exited.then(() => watching.abort());
    let hadLostRecovery = false;
    findsLostRecovery(p.dir, watching.signal).then(isLost => {
      hadLostRecovery = isLost;
      if (isLost) child.kill("SIGQUIT");
    });
    const end = () => {
      watching.abort();
      return stop(signal => child.kill(signal), exited);
    };
    const ready = await waitUntilReady(url, exited).catch(async error => {
      await end();
      throw error;
    });
    if (!ready) return { output: await readLogFrom(log, size), hadLostRecovery };

    const rotation = setInterval(() => rotateLog(p.logPath).catch(() => {}), 3_600_000).unref();
    exited.then(() => clearInterval(rotation));
    return {
      url,
      exited,
      stop: end,
      isDiskFull: async () => saysDiskFull(await readLogSince(p.logPath, size)),
      hadLostRecovery: () => hadLostRecovery,
    };
  } finally {
    await log.close();
  }
}

async function stop(kill: (signal: NodeJS.Signals) => boolean, exited: Promise<unknown>): Promise<void> {
  for (const [signal, maxMs] of stopSteps) {
    kill(signal);
    const timeout = new AbortController();
    const late = sleep(maxMs, true, { signal: timeout.signal, ref: false }).catch(() => false);
    const isLate = await Promise.race([exited.then(() => false), late]);
    timeout.abort();
    if (!isLate) return;
  }
}

/** @returns false if PostgreSQL ended first */
async function waitUntilReady(url: string, exited: Promise<unknown>): Promise<boolean> {
  let ended = false;
  exited.then(() => {
    ended = true;
  });
  while (!ended) {
    const client = new DatabaseClient(connectionOptions(url, { connectTimeoutMs: 5_000 }));
    client.on("error", () => {}); // connect() rejects with the same error
    try {
      await client.connect();
      await client.end();
      return true;
    } catch (error) {
      // It does not listen yet, or it recovers from a crash, for which there is no time limit. Other errors are final.
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
    `The embedded PostgreSQL refuses its own user (${(cause as Error).message}). secrets.json does not belong to this ` +
      "data folder: restore the right one from a backup.",
    { cause },
  );
}

function explainFailure(p: Start, output: string): AppError {
  if (saysDiskFull(output)) return diskFull(dirname(p.dir));
  return new AppError(
    "database_failed",
    `PostgreSQL did not start: ${findReason(output)} (${p.logPath}). Fix that, or set DATABASE_URL.`,
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
