import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

const pollMs = 10;

/**
 * Watches how long anybody waits for a lock that the migrating connection holds or queues for: what a request waits for
 * because of it, whatever else the machine does.
 * @returns ends it, and gives the longest such wait in ms, as far as looks every 10 ms see it
 */
export async function watchBlocked(url: string): Promise<() => Promise<number>> {
  const client = new pg.Client(url);
  await client.connect();
  let isOver = false;
  let longestMs = 0;
  const watching = (async () => {
    for (; !isOver; await sleep(pollMs)) {
      const { rows } = await client.query<{ ms: number }>(blockedText);
      longestMs = Math.max(longestMs, rows[0]!.ms);
    }
  })();
  return async () => {
    isOver = true;
    await watching;
    await client.end();
    return Math.round(longestMs * 10) / 10;
  };
}

/** Whoever migrates holds the runner's advisory lock. */
const blockedText = `
  with migrating as (select pid from pg_locks where locktype = 'advisory' and objsubid = 1 and granted)
  select coalesce(max(extract(epoch from clock_timestamp() - waiting.waitstart)) * 1000, 0)::double precision as ms
  from pg_locks waiting
  where not waiting.granted
    and waiting.locktype <> 'advisory'
    and waiting.pid not in (select pid from migrating)
    and pg_blocking_pids(waiting.pid) && array(select pid from migrating)`;
