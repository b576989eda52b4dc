import type pg from "pg";
import type { Query } from "#database/connect.ts";

/** Fewer than this ahead is an alarm: makers have a month or more to be mended before a message needs one. */
export const leastMonthsAhead = 3;
export const usualMonthsAhead = 4;

export type Partition = {
  table: string;
  /** 2026-11 */
  month: string;
  /** as of the last analyze; null before the first */
  messages: number | null;
  /** with its indexes */
  sizeBytes: number;
};

type Client = { query(text: string, values: unknown[]): Promise<{ rows: unknown[] }> };

/**
 * Makes the partitions of `messages` that are missing from yesterday's month to so many months after it; a database
 * that was away for months catches up at once.
 * @returns how many it made
 */
export async function makePartitionsAhead(client: Client, months = usualMonthsAhead): Promise<number> {
  const { rows } = await client.query(
    "select make_message_partitions((now() at time zone 'UTC')::date - 1, $1) as made",
    [months],
  );
  return (rows as { made: number }[])[0]!.made;
}

/** Oldest first. */
export async function listPartitions(client: pg.ClientBase): Promise<Partition[]> {
  const { rows } = await client.query<Partition>(`
    select part.relname as table, replace(right(part.relname, 7), '_', '-') as month,
      case when part.reltuples >= 0 then part.reltuples::float end as messages,
      pg_total_relation_size(part.oid)::float as "sizeBytes"
    from pg_inherits
    join pg_class as part on part.oid = inhrelid
    where inhparent = 'messages'::regclass
    order by part.relname`);
  return rows;
}

/** How many whole months after the current one have their partition, without a gap; -1 when the current one has none. */
export async function countMonthsAhead(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ today: string }>("select (now() at time zone 'UTC')::date::text as today");
  const months = new Set((await listPartitions(client)).map(partition => partition.month));
  let ahead = -1;
  while (months.has(monthAfter(rows[0]!.today, ahead + 1))) ahead++;
  return ahead;
}

function monthAfter(day: string, count: number): string {
  const [year, month] = day.split("-").map(Number) as [number, number];
  return new Date(Date.UTC(year, month - 1 + count)).toISOString().slice(0, 7);
}

/** Makes the partition of `messages` for the month that a conversation's id begins with; one that exists stays. */
export async function makePartitionOf(query: Query, conversationId: string): Promise<void> {
  const day = beganAt(conversationId).slice(0, 10);
  await query({ name: "make-partition", text: "select make_message_partitions($1::date, 0)", values: [day] });
}

/**
 * The partition that holds a conversation's messages, for reads of one conversation. Through `messages` a prepared
 * statement gets a plan for all months, locks them all to read one, and sorts what the month's own index has in order.
 */
export const partitionOf = (conversationId: string): string =>
  `messages_${beganAt(conversationId).slice(0, 7).replace("-", "_")}`;

/** As an ISO date, from the first 48 bits of a UUIDv7. */
function beganAt(conversationId: string): string {
  const beganMs = Number.parseInt(conversationId.replace("-", "").slice(0, 12), 16);
  const iso = new Date(beganMs).toISOString();
  if (/^\d{4}-/.test(iso)) return iso;
  throw new RangeError(`${conversationId} is of no year that has a partition`);
}
