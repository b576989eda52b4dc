import type { Session } from "#database/migrations/session/session.ts";

const logEveryMs = 10_000;

type Progress = { phase: string; share: number | null; waitsFor: string | null };

/**
 * Logs the progress of an index build, and the session it waits for.
 * @returns ends the logging
 */
export function logProgress({ monitor, pid, log }: Session): () => void {
  const timer = setInterval(async () => {
    try {
      const { rows } = await monitor.query<Progress>(progressText, [pid]);
      if (rows[0]) log.info(describe(rows[0]));
    } catch {
      // Only the log line is lost. If the build fails, it reports that itself.
    }
  }, logEveryMs);
  return () => clearInterval(timer);
}

function describe({ phase, share, waitsFor }: Progress): string {
  const waiting = waitsFor === null ? "" : `: waits for the transaction of ${waitsFor} to end`;
  return `… ${phase}${share === null ? "" : `, ${share} %`}${waiting}`;
}

const progressText = `
  select p.phase,
    round(100.0 * coalesce(nullif(p.blocks_done, 0), p.tuples_done)
      / nullif(case when p.blocks_done > 0 then p.blocks_total else p.tuples_total end, 0))::integer as share,
    case when p.current_locker_pid > 0
      then format('process %s (%s: %s)', a.pid, a.state, left(regexp_replace(a.query, '\\s+', ' ', 'g'), 80))
    end as "waitsFor"
  from pg_stat_progress_create_index p
  left join pg_stat_activity a on a.pid = p.current_locker_pid
  where p.pid = $1`;
