import type pg from "pg";

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
