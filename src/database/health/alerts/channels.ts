import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";
import type { AlertLevel, ChannelKind } from "#protocol/alerts.ts";

/** Where alerts are sent. `target` and `secret` give access: they stay in the server. */
export type Channel = {
  id: string;
  kind: ChannelKind;
  target: string;
  secret: string | null;
  minLevel: AlertLevel;
};

export type ChannelRow = Channel & {
  createdAt: Date;
  waiting: number;
  lastAt: Date | null;
  lastDeliveredAt: Date | null;
  lastProblem: string | null;
};

const sampleId = "00000000-0000-7000-8000-000000000000";

export const listChannels = defineQuery(
  { name: "channels of alerts", indexes: ["alert_channels_pkey"], buffers: 10, sample: () => [] },
  (db: Db): Promise<Channel[]> =>
    sql<Channel>`
      select id, kind, target, secret, min_level as "minLevel"
      from alert_channels
      order by id`.rows(db),
);

/** With how their newest notice went. */
export const listChannelsWithLast = defineQuery(
  {
    name: "channels of alerts, with their last delivery",
    indexes: ["alert_channels_pkey", "alert_deliveries_by_channel", "alert_deliveries_waiting"],
    buffers: 200,
    sample: () => [],
  },
  (db: Db): Promise<ChannelRow[]> =>
    sql<ChannelRow>`
      select c.id, c.kind, c.target, c.secret, c.min_level as "minLevel", c.created_at as "createdAt",
        last.created_at as "lastAt", last.delivered_at as "lastDeliveredAt", last.problem as "lastProblem",
        (
          select count(*)
          from alert_deliveries d
          where d.channel_id = c.id
            and d.delivered_at is null
            and d.given_up_at is null
        )::integer as waiting
      from alert_channels c
      left join lateral (
        select d.created_at, d.delivered_at, d.problem
        from alert_deliveries d
        where d.channel_id = c.id
        order by d.id desc
        limit 1
      ) as last on true
      order by c.id`.rows(db),
);

export const findChannel = defineQuery(
  { name: "a channel of alerts", indexes: ["alert_channels_pkey"], buffers: 6, sample: () => [sampleId] },
  async (db: Db, id: string): Promise<Channel | null> => {
    const [row] = await sql<Channel>`
      select id, kind, target, secret, min_level as "minLevel"
      from alert_channels
      where id = ${id}`.rows(db);
    return row ?? null;
  },
);

/** @returns how many there are with it */
export const insertChannel = defineQuery(
  {
    name: "a new channel of alerts",
    indexes: ["alert_channels_pkey"],
    buffers: 20,
    sample: () => [
      {
        ...{ id: sampleId, kind: "email" as const, target: "" },
        secret: null,
        minLevel: "warn" as const,
        createdBy: null,
      },
    ],
  },
  async (db: Db, channel: Channel & { createdBy: string | null }): Promise<number> => {
    const { id, kind, target, secret, minLevel, createdBy } = channel;
    await sql`
      insert into alert_channels (id, kind, target, secret, min_level, created_by)
      values (${id}, ${kind}, ${target}, ${secret}, ${minLevel}, ${createdBy})`.rows(db);
    const [row] = await sql<{ count: number }>`select count(*)::integer as count from alert_channels`.rows(db);
    return row!.count;
  },
);

/** Its waiting notices go with it. @returns its kind; null: there is none */
export const deleteChannel = defineQuery(
  {
    name: "a channel of alerts that is deleted",
    indexes: ["alert_channels_pkey"],
    buffers: 20,
    sample: () => [sampleId],
  },
  async (db: Db, id: string): Promise<Channel | null> => {
    const [row] = await sql<Channel>`
      delete from alert_channels
      where id = ${id}
      returning id, kind, target, secret, min_level as "minLevel"`.rows(db);
    return row ?? null;
  },
);
