import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

const pollMs = 10;

/**
 * Watches how long statements wait for a lock that the migrating connection holds or waits for itself. That is the part of
 * a request's time that the migration causes, whatever else the machine does.
 * @returns stops watching, and gives the longest such wait in ms, as far as one sees it every 10 ms
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

/** The connection that holds the advisory lock of the migration runner is the migrating one. */
const longestWaitText = `
  with migrating as (select pid from pg_locks where locktype = 'advisory' and objsubid = 1 and granted)
  select coalesce(max(extract(epoch from clock_timestamp() - waiting.waitstart)) * 1000, 0)::double precision as ms
  from pg_locks waiting
  where not waiting.granted
    and waiting.locktype <> 'advisory'
    and waiting.pid not in (select pid from migrating)
    and pg_blocking_pids(waiting.pid) && array(select pid from migrating)`;
