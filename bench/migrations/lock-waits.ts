import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

const pollMs = 10;

/**
 * Measures how long statements wait for a lock that the migrating connection holds or waits for. The migration causes this
 * part of a request's time, whatever else the machine does.
 * @returns stops measuring; resolves with the longest such wait in ms, sampled every 10 ms
 */
export async function watchLockWaits(url: string): Promise<() => Promise<number>> {
  const client = new pg.Client(url);
  await client.connect();
  let isOver = false;
  let maxMs = 0;
  const watching = (async () => {
    for (; !isOver; await sleep(pollMs)) {
      const { rows } = await client.query<{ ms: number }>(longestWaitText);
      maxMs = Math.max(maxMs, rows[0]!.ms);
    }
  })();
  return async () => {
    isOver = true;
    await watching;
    await client.end();
    return Math.round(maxMs * 10) / 10;
  };
}

/** The migrating connection holds the advisory lock of the migration runner. */
const longestWaitText = `
  with migrating as (select pid from pg_locks where locktype = 'advisory' and objsubid = 1 and granted)
  select coalesce(max(extract(epoch from clock_timestamp() - waiting.waitstart)) * 1000, 0)::double precision as ms
  from pg_locks waiting
  where not waiting.granted
    and waiting.locktype <> 'advisory'
    and waiting.pid not in (select pid from migrating)
    and pg_blocking_pids(waiting.pid) && array(select pid from migrating)`;
