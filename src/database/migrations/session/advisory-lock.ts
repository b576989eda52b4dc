import type pg from "pg";
import type { Log } from "#platform/log.ts";
import { AppError } from "#protocol/errors.ts";
import { pause } from "./pause.ts";

/** The id that node-pg-migrate used, so that a server of the first version and this one exclude each other. */
const lockId = "7241865325823964";
/** Held together with the lock while a migration is undone. Several may hold it. */
const undoLockId = "7241865325823965";
const lockPollMs = 200;
const logEveryMs = 60_000;
/** This long, as another server may be building an index on a large table. */
const maxLockWaitMs = 30 * 60_000;

/**
 * Takes the lock that one migration at a time holds. It polls instead of waiting in the database: a statement that waits
 * for a lock holds a snapshot. If the lock's holder then runs `create index concurrently`, that waits for this snapshot,
 * and both wait for ever.
 * @param p.isUndo  also makes starts wait that have nothing to migrate
 * @throws AppError "database_failed" naming the holder after 30 minutes, or "interrupted"
 */
export async function takeLock(
  client: pg.Client,
  { log, signal, isUndo }: { log: Log; signal: AbortSignal; isUndo: boolean },
): Promise<void> {
  if (isUndo) await client.query("select pg_advisory_lock_shared($1)", [undoLockId]);
  const end = Date.now() + maxLockWaitMs;
  for (let loggedAt = 0; ; ) {
    const { rows } = await client.query("select pg_try_advisory_lock($1) as taken", [lockId]);
    if (rows[0].taken) return;
    const now = Date.now();
    if (now > end || now - loggedAt > logEveryMs) {
      const minutes = Math.ceil((end - now) / 60_000);
      const holder = await findHolder(client, lockId);
      if (now > end) throw new AppError("database_failed", `${describe(holder)} Gave up waiting for it.`);
      // A lock that a pooler or a killed program has left behind must not look like a start that hangs.
      log.warn(`${describe(holder)} Waiting for its end, for up to ${minutes} minutes.`);
      loggedAt = now;
    }
    await pause(lockPollMs, signal);
  }
}

/** True while another session undoes a migration: what the history lists may be gone in a moment. */
export const isBeingUndone = async (client: pg.Client) => (await findHolder(client, undoLockId)) !== null;

type Holder = { pid: number; name: string; address: string; since: string; state: string | null };

/** Null: there is none, or it has just ended. */
async function findHolder(client: pg.Client, id: string): Promise<Holder | null> {
  const { rows } = await client.query<Holder>(
    `select l.pid, coalesce(nullif(a.application_name, ''), 'a program without a name') as name,
       coalesce(host(a.client_addr), 'a local socket') as address,
       to_char(a.backend_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"') as since,
       a.state || ' since ' || to_char(a.state_change at time zone 'UTC', 'HH24:MI:SS') as state
     from pg_locks l
     left join pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'advisory' and l.granted and l.objsubid = 1
       and l.database = (select oid from pg_database where datname = current_database())
       and (l.classid::bigint << 32) | l.objid::bigint = $1
     limit 1`,
    [id],
  );
  return rows[0] ?? null;
}

function describe(holder: Holder | null): string {
  if (!holder) return "Another server was migrating the database a moment ago.";
  const { pid, name, address, since, state } = holder;
  return (
    `The lock for migrations is held by process ${pid} of PostgreSQL: ${name}, from ${address}, connected since ${since}` +
    `${state ? `, ${state}` : ""}. If no Pro LiveChat migrates there, end it: select pg_terminate_backend(${pid});`
  );
}
