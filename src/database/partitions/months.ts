import type pg from "pg";
import type { Query } from "#database/connect.ts";

/** Fewer months ahead are an alert: there is a month or more to fix the job before a message needs a partition. */
export const minMonthsAhead = 3;
export const usualMonthsAhead = 4;

export type Partition = {
  table: string;
  /** 2026-11 */
  month: string;
  /** estimated by the last analyze; null before the first */
  messages: number | null;
  /** with its indexes */
  sizeBytes: number;
};

type Client = { query(text: string, values: unknown[]): Promise<{ rows: unknown[] }> };

/**
 * Creates the missing partitions of `messages` from yesterday's month to `months` later, also after months without a run.
 * @returns how many it created
 */
export async function makePartitionsAhead(client: Client, months = usualMonthsAhead): Promise<number> {
  const { rows } = await client.query(
    "select make_message_partitions((now() at time zone 'UTC')::date - 1, $1) as made",
    [months],
  );
  return (rows as { made: number }[])[0]!.made;
}

/** The partitions of `messages`, oldest first. */
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

/** The number of months after the current one that have a partition, without a gap; -1 if the current one has none. */
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

/** Creates the partition of `messages` for the month in a conversation's id, if it does not exist. */
export async function makePartitionOf(query: Query, conversationId: string): Promise<void> {
  const day = beganAt(conversationId).slice(0, 10);
  await query({ name: "make-partition", text: "select make_message_partitions($1::date, 0)", values: [day] });
}

/**
 * The partition that holds a conversation's messages, for reads of one conversation. A prepared statement on `messages`
 * gets a plan for all months, locks them all, and sorts rows that the month's own index returns in order.
 */
export const partitionOf = (conversationId: string): string =>
  `messages_${beganAt(conversationId).slice(0, 7).replace("-", "_")}`;

/** The ISO time in the first 48 bits of a UUIDv7. */
function beganAt(conversationId: string): string {
  const beganMs = Number.parseInt(conversationId.replace("-", "").slice(0, 12), 16);
  const iso = new Date(beganMs).toISOString();
  if (/^\d{4}-/.test(iso)) return iso;
  throw new RangeError(`${conversationId} is not of a year that can have a partition`);
}
