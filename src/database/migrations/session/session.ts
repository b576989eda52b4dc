import type pg from "pg";
import { readPooler } from "#database/connection/options.ts";
import { connectDirectly } from "#database/direct-connection.ts";
import type { Log } from "#platform/log.ts";
import { maskUrl } from "#platform/mask-url.ts";
import { AppError } from "#protocol/errors.ts";
import { takeLock } from "./advisory-lock.ts";
import { throwIfStopped } from "./pause.ts";

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

/** as other sessions see it */
const applicationName = "prochat migrate";
const cancelAgainMs = 200;

/**
 * A statement that waits for a lock blocks all later requests for that table. So an attempt ends after this time in ms
 * and lets them pass before the next one. The goal: no request waits more than 250 ms.
 */
export const lockWaitMs = 100;

type Options = {
  log: Log;
  signal: AbortSignal;
  /** the run undoes a migration */
  isUndo?: boolean;
  /** asked before it waits for another server's migration; false: `work` does not run */
  isNeeded?: (client: pg.Client) => Promise<boolean>;
};

/**
 * Opens the connections, waits until no other server migrates, runs `work` and closes them.
 * @returns what `work` returns; null if it is not needed
 * @throws AppError "database_unreachable", "database_unsupported", "database_failed", "interrupted", and what `work` throws
 */
export async function withSession<T>(
  url: string,
  { log, signal, isUndo = false, isNeeded = async () => true }: Options,
  work: (session: Session) => Promise<T>,
): Promise<T | null> {
  const client = await connectDirectly(url, applicationName);
  try {
    await checkVersion(client, url, log);
    if (!(await isNeeded(client))) return null;
    requireOwnSession(url);
    await takeLock(client, { log, signal, isUndo });
    await prepare(client);
    const monitor = await connectDirectly(url, applicationName);
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
    `DATABASE_URL leads to a pooler in transaction mode (${maskUrl(url)}), which migrations cannot go through. Set ` +
      "DIRECT_DATABASE_URL to PostgreSQL's own address: postgres://user:password@host:5432/name.",
  );
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
  // first. Few roles may set it: for others autovacuum does not give way, and lock_timeout ends the wait.
  await client.query(`set deadlock_timeout = ${lockWaitMs / 2}`).catch(() => {});
}
