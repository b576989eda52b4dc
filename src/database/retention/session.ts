import type pg from "pg";
import { connectDirectly } from "#database/direct-connection.ts";
import { lockWaitMs, type Session } from "#database/migrations/session/session.ts";
import type { Log } from "#platform/log.ts";
import { AppError } from "#protocol/errors.ts";

/** One run at a time moves, exports or drops months. */
const lockId = "7241865325823966";

/**
 * Opens connections that move months: their statements wait for a lock for a moment only.
 * @throws AppError "conflict" if another run holds the lock, and what `work` throws
 */
export async function withMonths<T>(
  url: string,
  { log, signal }: { log: Log; signal: AbortSignal },
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const client = await connectDirectly(url, "prochat retention");
  try {
    const { rows } = await client.query("select pg_try_advisory_lock($1) as taken, pg_backend_pid() as pid", [lockId]);
    if (!rows[0].taken) throw await inUse(client);
    await client.query(`
      set time zone 'UTC';
      set lock_timeout = ${lockWaitMs};
      set statement_timeout = 0;
      set idle_in_transaction_session_timeout = 0`);
    // As in a migration: of two sessions in a deadlock this one gives up first. Few roles may set it.
    await client.query(`set deadlock_timeout = ${lockWaitMs / 2}`).catch(() => {});
    const monitor = await connectDirectly(url, "prochat retention");
    try {
      return await work({ client, monitor, pid: rows[0].pid, log, signal });
    } finally {
      await monitor.end();
    }
  } finally {
    await client.end(); // also releases the lock
  }
}

async function inUse(client: pg.Client): Promise<AppError> {
  const { rows } = await client.query(
    `select a.pid, a.backend_start as since
     from pg_locks l
     join pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'advisory' and l.granted and (l.classid::bigint << 32) | l.objid::bigint = $1`,
    [lockId],
  );
  const holder = rows[0] ? ` It is process ${rows[0].pid} of PostgreSQL, since ${rows[0].since.toISOString()}.` : "";
  return new AppError("conflict", `Another run of the retention is at work, so this one ended.${holder}`);
}
