import type pg from "pg";
import type { Chunk } from "./plan.ts";

/**
 * Makes the partitions of the months before `until` (by default the database's present).
 * @returns the time of the first conversation and of the last message, in whole ms
 */
export async function prepareMonths(
  client: pg.ClientBase,
  p: { months: number; until: Date | undefined },
): Promise<{ from: Date; until: Date }> {
  const { rows } = await client.query<{ from: Date; until: Date }>(
    `select until, (until at time zone 'UTC' - make_interval(months => $1)) at time zone 'UTC' as from
     from (select date_trunc('milliseconds', coalesce($2::timestamptz, now())) as until) as given`,
    [p.months, p.until ?? null],
  );
  const { from, until } = rows[0]!;
  await client.query("select make_message_partitions($1::date, $2)", [from.toISOString().slice(0, 10), p.months]);
  return { from, until };
}

/** The name that make_message_partitions gives to the partition of a chunk's conversations. */
export const partitionOf = ({ plans }: Chunk) =>
  `messages_${new Date(plans[0]!.beganMs).toISOString().slice(0, 7).replace("-", "_")}`;
