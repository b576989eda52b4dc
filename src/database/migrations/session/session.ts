import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { readPooler } from "#database/connection/options.ts";
import { connectDirectly } from "#database/direct-connection.ts";
import type { Log } from "#platform/log.ts";
import { maskUrl } from "#platform/mask-url.ts";
import { AppError } from "#protocol/errors.ts";

/** The connections of a migration run. It holds the lock that keeps other servers from migrating. */
export type Session = {
  client: pg.Client;
  /** the process id of the client's backend */
  pid: number;
  /** a second connection, which reads what the first one waits for, and cancels it */
  monitor: pg.Client;
  log: Log;
  /** aborted when the program must stop */
  signal: AbortSignal;
};

/** The id that node-pg-migrate used, so that a server of the first version and this one exclude each other. */
const lockId = "7241865325823964";
const lockPollMs = 200;
/** This long, as another server may be building an index on a large table. */
const maxLockWaitMs = 30 * 60_000;
const cancelAgainMs = 200;

/**
 * A statement that waits for a lock blocks all later requests for that table. So an attempt ends after this time in ms
 * and lets them pass before the next one. The goal: no request waits more than 250 ms.
 */
export const lockWaitMs = 100;

/**
 * Opens the connections, waits until no other server migrates, runs `work` and closes them.
 * @throws AppError "database_unreachable", "database_unsupported", "database_failed", "interrupted", and what `work` throws
 */
export async function withSession<T>(
  url: string,
  { log, signal }: { log: Log; signal: AbortSignal },
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const client = await connectDirectly(url);
  try {
    await checkVersion(client, url, log);
    requireOwnSession(url);
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
    await client.end(); // also releases the lock
  }
}

/**
 * Runs one statement and cancels it if the program must stop.
 * @throws AppError "interrupted" if it was cancelled, otherwise the database's error
 */
export async function runStatement(session: Session, text: string, values?: unknown[]): Promise<pg.QueryResult> {
  const { client, signal } = session;
  throwIfStopped(signal);
  let again: NodeJS.Timeout | undefined;
  const cancel = () => {
    void session.monitor.query("select pg_cancel_backend($1)", [session.pid]).catch(() => {});
    again ??= setInterval(cancel, cancelAgainMs); // the first one may arrive before the statement starts
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

/** Waits, but ends early if the program must stop. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => throwIfStopped(signal));
}

function throwIfStopped(signal: AbortSignal): void {
  if (signal.aborted)
    throw new AppError("interrupted", "Stopped while migrating the database. Start again to continue from there.");
}

async function checkVersion(client: pg.Client, url: string, log: Log): Promise<void> {
  const { rows } = await client.query<{ number: string; version: string }>(
    "select current_setting('server_version_num') as number, current_setting('server_version') as version",
  );
  const { number, version } = rows[0]!;
  const major = Math.floor(Number(number) / 10_000);
  if (major > 18) log.warn(`PostgreSQL ${version} is newer than the versions Pro LiveChat was tested with (15 to 18).`);
  if (major >= 15) return;
  throw new AppError(
    "database_unsupported",
    `The database ${maskUrl(url)} is PostgreSQL ${version}. Pro LiveChat needs 15 to 18. Upgrade it, or use another server.`,
  );
}

/** A pooler in transaction mode keeps neither the lock nor the settings of a session. */
function requireOwnSession(url: string): void {
  if (readPooler(url) !== "transaction") return;
  throw new AppError(
    "database_unsupported",
    `DATABASE_URL leads to a pooler in transaction mode (${maskUrl(url)}), which migrations cannot go through. Run them ` +
      "once over PostgreSQL's own address, then start again: DATABASE_URL=postgres://… npx prochat migrate",
  );
}

/**
 * Polls instead of waiting in the database: a statement that waits for a lock holds a snapshot. If the lock's holder
 * then runs `create index concurrently`, that waits for this snapshot, and both wait for ever.
 */
async function takeLock(client: pg.Client, log: Log, signal: AbortSignal): Promise<void> {
  const end = Date.now() + maxLockWaitMs;
  for (let isLogged = false; ; isLogged = true) {
    const { rows } = await client.query("select pg_try_advisory_lock($1) as taken", [lockId]);
    if (rows[0].taken) return;
    if (Date.now() > end) {
      const minutes = maxLockWaitMs / 60_000;
      throw new AppError(
        "database_failed",
        `Another server has been migrating the database for ${minutes} minutes. Check that server, then start again.`,
      );
    }
    if (!isLogged) log.info("Waiting for another server that is migrating the database");
    await pause(lockPollMs, signal);
  }
}

async function prepare(client: pg.Client): Promise<void> {
  // An index is built on one core: the others serve requests.
  await client.query(`
    set time zone 'UTC';
    set max_parallel_maintenance_workers = 0;
    set lock_timeout = ${lockWaitMs};
    set statement_timeout = 0;
    set idle_in_transaction_session_timeout = 0`);
  // If this program is killed, its index build ends within a second and releases its locks. Not every system supports it.
  await client.query("set client_connection_check_interval = 1000").catch(() => {});
  // Autovacuum gives way to a session that has waited this long; and of two sessions in a deadlock, this one gives up
  // first. Only a superuser may set it: for others autovacuum does not give way, and lock_timeout ends the wait.
  await client.query(`set deadlock_timeout = ${lockWaitMs / 2}`).catch(() => {});
}
