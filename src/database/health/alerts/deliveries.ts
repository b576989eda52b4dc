import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";
import type { AlertNotice } from "#protocol/alerts.ts";
import type { Channel } from "./channels.ts";

/** A notice on its way to a channel. The receiver knows a repeated one by its id. */
export type Delivery = { id: string; notice: AlertNotice; attempts: number; channel: Channel };

type NewDelivery = { id: string; channelId: string; alertId: string | null; notice: AlertNotice };
type Outcome = { deliveredAt?: Date | null; problem?: string | null; givenUpAt?: Date | null };

/** After three days a notice is no news. */
const maxAgeHours = 72;
/** Before the second try, doubled by each further one. */
const firstPauseSeconds = 5;
/** A receiver that is back gets its notices within this. */
const maxPauseSeconds = 600;

const sampleId = "00000000-0000-7000-8000-000000000000";

/**
 * A channel that was deleted meanwhile gets none.
 * @param outcome  if it was sent, or tried, before it was stored
 */
export const insertDelivery = defineQuery(
  {
    name: "a notice for a channel",
    indexes: ["alert_channels_pkey"],
    buffers: 30,
    sample: () => [{ id: sampleId, channelId: sampleId, alertId: null, notice: {} as AlertNotice }],
  },
  async (
    db: Db,
    { id, channelId, alertId, notice }: NewDelivery,
    { deliveredAt = null, problem = null, givenUpAt = null }: Outcome = {},
  ): Promise<void> => {
    await sql`
      insert into alert_deliveries (id, channel_id, alert_id, notice, attempts, delivered_at, problem, given_up_at)
      select ${id}, id, ${alertId}::uuid, ${JSON.stringify(notice)}::jsonb, ${deliveredAt || problem ? 1 : 0},
        ${deliveredAt}::timestamptz, ${problem}, ${givenUpAt}::timestamptz
      from alert_channels
      where id = ${channelId}`.rows(db);
  },
);

/** Channels that got a notice of this alert: they get the one that it is cleared. */
export const listNotifiedChannels = defineQuery(
  {
    name: "channels that know an alert",
    indexes: ["alert_deliveries_by_alert"],
    buffers: 40,
    sample: () => [sampleId],
  },
  async (db: Db, alertId: string): Promise<string[]> => {
    const rows = await sql<{ channelId: string }>`
      select distinct channel_id as "channelId"
      from alert_deliveries
      where alert_id = ${alertId}`.rows(db);
    return rows.map(({ channelId }) => channelId);
  },
);

/**
 * Takes the notices that are due, and counts the try before it is made: a server that dies in it leaves the notice to the
 * next one. Of an alert, a channel gets its notices in their order.
 */
export const takeDueDeliveries = defineQuery(
  {
    name: "notices that are due",
    indexes: ["alert_deliveries_waiting", "alert_deliveries_by_alert", "alert_channels_pkey"],
    sample: () => [10],
  },
  (db: Db, limit: number): Promise<Delivery[]> =>
    sql<Delivery>`
      with due as (
        select d.id
        from alert_deliveries d
        where d.delivered_at is null
          and d.given_up_at is null
          and d.next_try_at <= now()
          and not exists (
            select
            from alert_deliveries earlier
            where earlier.alert_id = d.alert_id
              and earlier.channel_id = d.channel_id
              and earlier.id < d.id
              and earlier.delivered_at is null
              and earlier.given_up_at is null
          )
        order by d.next_try_at
        limit ${limit}
        for update skip locked
      )
      update alert_deliveries d
      set attempts = attempts + 1,
        next_try_at = now() + make_interval(secs =>
          least(${maxPauseSeconds}, ${firstPauseSeconds} * power(2, least(d.attempts, 20))) * (0.75 + random() / 2))
      from due, alert_channels c
      where d.id = due.id
        and c.id = d.channel_id
      returning d.id, d.notice, d.attempts,
        json_build_object('id', c.id, 'kind', c.kind, 'target', c.target, 'secret', c.secret, 'minLevel', c.min_level)
          as channel`.rows(db),
);

/** @param problem  null: it was delivered */
export const storeOutcome = defineQuery(
  {
    name: "how the delivery of a notice went",
    indexes: ["alert_deliveries_pkey"],
    buffers: 20,
    sample: () => [{ id: sampleId, problem: null }],
  },
  async (db: Db, { id, problem }: { id: string; problem: string | null }): Promise<void> => {
    await sql`
      update alert_deliveries
      set problem = ${problem},
        delivered_at = case when ${problem}::text is null then now() end,
        given_up_at = case
          when ${problem}::text is not null and created_at < now() - make_interval(hours => ${maxAgeHours}) then now()
        end
      where id = ${id}`.rows(db);
  },
);

/** When the next notice is due, by the database's clock; null: none waits. */
export const findNextTry = defineQuery(
  { name: "when a notice is tried next", indexes: ["alert_deliveries_waiting"], buffers: 10, sample: () => [] },
  async (db: Db): Promise<{ inSeconds: number; waiting: number } | null> => {
    const [row] = await sql<{ inSeconds: number | null; waiting: number }>`
      select extract(epoch from min(next_try_at) - now())::float as "inSeconds", count(*)::integer as waiting
      from alert_deliveries
      where delivered_at is null
        and given_up_at is null`.rows(db);
    return row?.inSeconds == null ? null : { inSeconds: row.inSeconds, waiting: row.waiting };
  },
);
