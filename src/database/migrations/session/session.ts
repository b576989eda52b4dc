import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { connectDirectly } from "#database/direct-connection.ts";
import { makeHistory } from "#database/migrations/history.ts";
import type { Log } from "#platform/log.ts";
import { maskUrl } from "#platform/mask-url.ts";
import { AppError } from "#protocol/errors.ts";

/** What migrating works with, while it holds the lock that keeps out other servers' migrating. */
export type Session = {
  client: pg.Client;
  /** of the client's backend */
  pid: number;
  /** a second connection: looks at what the first waits for, and cancels it */
  monitor: pg.Client;
  log: Log;
  /** the program is asked to stop */
  signal: AbortSignal;
};

/** node-pg-migrate's, so that a server of the first version and this one exclude each other. */
const lockId = "7241865325823964";
const lockPollMs = 200;
/** Another server may be building an index on a large table. */
const lockBoundMs = 30 * 60_000;
const cancelAgainMs = 200;

/**
 * Whoever waits for a lock blocks all who come after: a try ends after this time in ms, and lets them pass before the
 * next. Requests are to wait 250 ms at most.
 */
export const lockWaitMs = 100;

/**
 * Opens the connections, waits until no other server migrates, works, and closes them.
 * @throws AppError "database_unreachable", "database_unsupported", "database_failed", "interrupted", and what work throws
 */
export async function withSession<T>(
  url: string,
  { log, signal }: { log: Log; signal: AbortSignal },
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const client = await connectDirectly(url);
  try {
    await checkVersion(client, url, log);
    await takeLock(client, log, signal);
    await prepare(client);
    const monitor = await connectDirectly(url);
    try {
      const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
      return await work({ client, pid: rows[0]!.pid, monitor, log, signal });
    } finally {
      await monitor.end();
    }
  } finally {
    await client.end(); // which gives the lock back
  }
}

/**
 * Runs one statement, which ends early when the program is asked to stop.
 * @throws AppError "interrupted" then, else what the database says
 */
export async function runStatement(session: Session, text: string, values?: unknown[]): Promise<pg.QueryResult> {
  const { client, signal } = session;
  throwIfStopped(signal);
  let again: NodeJS.Timeout | undefined;
  const cancel = () => {
    void session.monitor.query("select pg_cancel_backend($1)", [session.pid]).catch(() => {});
    again ??= setInterval(cancel, cancelAgainMs); // the first may arrive before the statement has begun
  };
  signal.addEventListener("abort", cancel);
  try {
    return await client.query(text, values);
  } catch (error) {
    throwIfStopped(signal);
    throw error;
  } finally {
    signal.removeEventListener("abort", cancel);
    clearInterval(again);
  }
}

/** Waits, but not longer than until the program is asked to stop. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => throwIfStopped(signal));
}

function throwIfStopped(signal: AbortSignal): void {
  if (signal.aborted)
    throw new AppError("interrupted", "Stopped while migrating the database. Starting again goes on from there.");
}

async function checkVersion(client: pg.Client, url: string, log: Log): Promise<void> {
  const { rows } = await client.query<{ number: string; version: string }>(
    "select current_setting('server_version_num') as number, current_setting('server_version') as version",
  );
  const { number, version } = rows[0]!;
  const major = Math.floor(Number(number) / 10_000);
  if (major > 18) log.warn(`PostgreSQL ${version} is newer than any that Pro LiveChat was tested with (15 to 18).`);
  if (major >= 15) return;
  throw new AppError(
    "database_unsupported",
    `The database ${maskUrl(url)} is PostgreSQL ${version}. Pro LiveChat needs 15 to 18: upgrade it, or use another.`,
  );
}

/**
 * Polls rather than waits in the database: a statement that waits for a lock holds a snapshot, for which a
 * `create index concurrently` of the lock's holder would wait in turn, for ever.
 */
async function takeLock(client: pg.Client, log: Log, signal: AbortSignal): Promise<void> {
  const end = Date.now() + lockBoundMs;
  for (let told = false; ; told = true) {
    const { rows } = await client.query("select pg_try_advisory_lock($1) as taken", [lockId]);
    if (rows[0].taken) return;
    if (Date.now() > end) {
      const minutes = lockBoundMs / 60_000;
      throw new AppError(
        "database_failed",
        `Another server has been migrating the database for ${minutes} minutes. See what it does, then start again.`,
      );
    }
    if (!told) log.info("Waiting for another server that is migrating the database");
    await pause(lockPollMs, signal);
  }
}

async function prepare(client: pg.Client): Promise<void> {
  // An index is built on one core: the others are for people.
  await client.query(`
    set time zone 'UTC';
    set max_parallel_maintenance_workers = 0;
    set lock_timeout = ${lockWaitMs};
    set statement_timeout = 0;
    set idle_in_transaction_session_timeout = 0`);
  // A build whose program was killed ends within a second, and with it the lock. Not every system can look for that.
  await client.query("set client_connection_check_interval = 1000").catch(() => {});
  // Vacuum makes room for whoever waits this long, and of a deadlock's two we are the one that gives up. Needs a
  // superuser; without, vacuum is waited for, and a lock's wait ends by lock_timeout.
  await client.query(`set deadlock_timeout = ${lockWaitMs / 2}`).catch(() => {});
  await makeHistory(client);
}
