import { setTimeout as sleep } from "node:timers/promises";
import { lockWaitMs, type Session } from "./session.ts";

/** Who holds what is waited for, in words. */
export type Waited = { table: string; holders: string };

export type LockWatch = {
  /** the last that was seen to be waited for */
  waited: Waited | null;
  /** waits had added up to the bound, and the statement was cancelled */
  cancelled: boolean;
  stop(): Promise<void>;
};

const pollMs = 25;

/**
 * Looks at what the session waits for. PostgreSQL's lock_timeout bounds each wait; a statement that locks all partitions
 * of a table may wait once for each while it keeps out their readers. So it is cancelled when its waits add up to the bound.
 */
export function watchLocks({ monitor, pid }: Session): LockWatch {
  const stopped = new AbortController();
  const watch: LockWatch = {
    waited: null,
    cancelled: false,
    async stop() {
      stopped.abort();
      await looking;
    },
  };
  const looking = look();
  return watch;

  async function look(): Promise<void> {
    try {
      for (let waitedMs = 0; ; ) {
        await sleep(pollMs, undefined, { signal: stopped.signal });
        const { rows } = await monitor.query<Waited>(waitText, [pid]);
        if (!rows[0]) continue;
        watch.waited = rows[0];
        waitedMs += pollMs;
        if (waitedMs <= lockWaitMs) continue;
        watch.cancelled = true;
        await monitor.query("select pg_cancel_backend($1)", [pid]);
      }
    } catch {
      // Stopped; or the watching connection broke, and lock_timeout has to do.
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
