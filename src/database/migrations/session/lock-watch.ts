import { setTimeout as sleep } from "node:timers/promises";
import { lockWaitMs, type Session } from "./session.ts";

/** A lock that the session waits for, and its holders in words. */
export type LockWait = { table: string; holders: string };

export type LockWatch = {
  /** the last wait that was seen */
  wait: LockWait | null;
  /** the waits added up to the limit, and the statement was cancelled */
  isCancelled: boolean;
  stop(): Promise<void>;
};

const pollMs = 25;

/**
 * Polls for the lock that the session waits for, and limits the sum of its waits. PostgreSQL's lock_timeout limits each
 * wait alone: a statement that locks all partitions may wait once for each, and blocks their readers all the while.
 */
export function watchLocks({ monitor, pid }: Session): LockWatch {
  const stopped = new AbortController();
  const watch: LockWatch = {
    wait: null,
    isCancelled: false,
    async stop() {
      stopped.abort();
      await polling;
    },
  };
  const polling = poll();
  return watch;

  async function poll(): Promise<void> {
    try {
      for (let waitedMs = 0; ; ) {
        await sleep(pollMs, undefined, { signal: stopped.signal });
        const { rows } = await monitor.query<LockWait>(waitText, [pid]);
        if (!rows[0]) continue;
        watch.wait = rows[0];
        waitedMs += pollMs;
        if (waitedMs <= lockWaitMs) continue;
        watch.isCancelled = true;
        await monitor.query("select pg_cancel_backend($1)", [pid]);
      }
    } catch {
      // Stopped; or the monitor's connection broke, and only lock_timeout limits the wait.
    }
  }
}

const waitText = `
  select coalesce(l.relation::regclass::text, l.locktype) as table,
    string_agg(
      case
        when a.backend_type = 'autovacuum worker' then format('vacuum (process %s)', b.pid)
        else format('process %s (%s for %s s: %s)', b.pid, a.state,
          extract(epoch from clock_timestamp() - a.xact_start)::integer,
          left(regexp_replace(a.query, '\\s+', ' ', 'g'), 80))
      end, ', ') as holders
  from pg_stat_activity w
  cross join lateral (select * from pg_locks where pid = w.pid and not granted limit 1) l
  cross join lateral unnest(pg_blocking_pids(w.pid)) as b (pid)
  left join pg_stat_activity a on a.pid = b.pid
  where w.pid = $1
    and w.wait_event_type = 'Lock'
  group by l.relation, l.locktype`;
