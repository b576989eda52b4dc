import type pg from "pg";
import type { Query } from "#database/connect.ts";
import { isMonthGone } from "#database/failures.ts";
import { monthGone } from "./month-gone.ts";

/** Fewer months ahead are an alert: there is a month or more to fix the job before a message needs a partition. */
export const minMonthsAhead = 3;
export const usualMonthsAhead = 4;

export type Partition = {
  table: string;
  /** 2026-11 */
  month: string;
  /** live: a partition of `messages`; archived, exported: of `messages_archive`; detached: of none; dropped: no table */
  state: string;
  /** estimated by the last analyze, of an exported month counted; null before the first */
  messages: number | null;
  /** with its indexes */
  sizeBytes: number;
};

type Client = { query(text: string, values: unknown[]): Promise<{ rows: unknown[] }> };

/**
 * Creates the missing partitions of `messages` from yesterday's month to `months` after today's, also after months without a run.
 * @returns how many it created
 */
export async function makePartitionsAhead(client: Client, months = usualMonthsAhead): Promise<number> {
  // On the first of a month, yesterday's month is one more to make.
  const { rows } = await client.query(
    `select make_message_partitions(today - 1, $1 + (date_part('day', today) = 1)::int) as made
    from (select (now() at time zone 'UTC')::date as today) as clock`,
    [months],
  );
  return (rows as { made: number }[])[0]!.made;
}

/** Every month of messages that was made, oldest first. */
export async function listPartitions(client: pg.ClientBase): Promise<Partition[]> {
  const { rows } = await client.query<Partition>(`
    select 'messages_' || to_char(month, 'YYYY_MM') as table, to_char(month, 'YYYY-MM') as month, state,
      coalesce(m.messages::float, case when part.reltuples >= 0 then part.reltuples::float end) as messages,
      coalesce(pg_total_relation_size(part.oid), 0)::float as "sizeBytes"
    from message_months m
    left join pg_class part on part.oid = to_regclass('messages_' || to_char(month, 'YYYY_MM'))
    order by m.month`);
  return rows;
}

/** Months that are not where their state says, each with what is wrong; empty if all are right. */
export async function findMisplacedMonths(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ problem: string }>(`
    select format('The month %s is %s, but %s.', to_char(month, 'YYYY-MM'), state,
      case
        when part.oid is null then 'its table is missing: restore it from a backup'
        when state = 'dropped' then 'its table is there: the next run of prochat retention looks at it no more; drop or rename it'
        else format('its table is a partition of %s', coalesce(inhparent::regclass::text, 'no table'))
      end) as problem
    from message_months
    left join pg_class part on part.oid = to_regclass('messages_' || to_char(month, 'YYYY_MM'))
    left join pg_inherits on inhrelid = part.oid
    where case
      when state = 'dropped' then part.oid is not null
      when state = 'detached' then part.oid is null or inhparent is not null
      when state = 'live' then inhparent is distinct from 'messages'::regclass
      else inhparent is distinct from 'messages_archive'::regclass
    end
    order by month`);
  return rows.map(({ problem }) => problem);
}

/** The number of months after the current one that have a partition, without a gap; -1 if the current one has none. */
export async function countMonthsAhead(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ today: string }>("select (now() at time zone 'UTC')::date::text as today");
  const live = (await listPartitions(client)).filter(({ state, sizeBytes }) => state === "live" && sizeBytes > 0);
  const months = new Set(live.map(({ month }) => month));
  let ahead = -1;
  while (months.has(monthAfter(rows[0]!.today, ahead + 1))) ahead++;
  return ahead;
}

function monthAfter(day: string, count: number): string {
  const [year, month] = day.split("-").map(Number) as [number, number];
  return new Date(Date.UTC(year, month - 1 + count)).toISOString().slice(0, 7);
}

/**
 * Creates the partition of `messages` for a month such as 2026-11, if it does not exist.
 * @throws AppError "month_gone" if the month was archived or deleted
 */
export async function makePartitionOf(query: Query, month: string): Promise<void> {
  try {
    await query({
      name: "make-partition",
      text: "select make_message_partitions($1::date, 0)",
      values: [`${month}-01`],
    });
  } catch (cause) {
    if (isMonthGone(cause)) throw monthGone(month, cause);
    throw cause;
  }
}

/** The month of a conversation, such as 2026-11, in UTC. It is in the first 48 bits of its id, a UUIDv7. */
export const monthOf = (conversationId: string): string => beganAt(conversationId).toISOString().slice(0, 7);

/** When a conversation began, by its id. @throws RangeError for a year that can have no partition */
export function beganAt(conversationId: string): Date {
  const began = new Date(Number.parseInt(conversationId.replace("-", "").slice(0, 12), 16));
  if (/^\d{4}-/.test(began.toISOString())) return began;
  throw new RangeError(`${conversationId} is not of a year that can have a partition`);
}

/**
 * The table that holds a conversation's messages. It keeps its name when the month moves from `messages` to
 * `messages_archive`, so a statement that names it is right for both. And a prepared statement on `messages` gets a plan
 * for all months, locks them all, and sorts rows that the month's own index returns in order.
 */
export const partitionOf = (conversationId: string): string => tableOfMonth(monthOf(conversationId));

/** @param month  such as 2026-11 */
export const tableOfMonth = (month: string): string => `messages_${month.replace("-", "_")}`;
