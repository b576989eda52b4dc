import type pg from "pg";
import type { Query } from "./connect.ts";

/** How many whole months after the current one have their partition of `messages`, without a gap. */
export async function countMonthsAhead(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ ahead: number }>(`
    select month.ahead
    from generate_series(1, 24) as month (ahead)
    join pg_class as part on part.relname =
      to_char(date_trunc('month', now() at time zone 'UTC') + month.ahead * interval '1 month', '"messages_"YYYY_MM')
    join pg_inherits as attached on attached.inhrelid = part.oid and attached.inhparent = 'messages'::regclass
    order by month.ahead`);
  const gap = rows.findIndex((row, index) => row.ahead !== index + 1);
  return gap === -1 ? rows.length : gap;
}

/** Makes the partition of `messages` for the month that a conversation's id begins with; one that exists stays. */
export async function makePartitionOf(query: Query, conversationId: string): Promise<void> {
  const beganMs = Number.parseInt(conversationId.replace("-", "").slice(0, 12), 16);
  const day = new Date(beganMs).toISOString().slice(0, 10);
  await query({ name: "make-partition", text: "select make_message_partitions($1::date, 0)", values: [day] });
}
