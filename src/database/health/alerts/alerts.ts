import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";
import type { AlertLevel } from "#protocol/alerts.ts";
import type { HealthCheck } from "#protocol/health.ts";

export type AlertRow = {
  id: string;
  checkId: string;
  level: AlertLevel;
  /** what the channels know; null: nothing yet, because the check is silenced */
  toldLevel: AlertLevel | null;
  found: HealthCheck;
  host: string | null;
  since: Date;
  openedAt: Date;
  clearedAt: Date | null;
  acknowledgedAt: Date | null;
  acknowledgedByName: string | null;
};

const keptDays = 90;
const sampleId = "00000000-0000-7000-8000-000000000000";

const columns = sql`id, check_id as "checkId", level, told_level as "toldLevel", found, host, since, opened_at as "openedAt",
  cleared_at as "clearedAt", acknowledged_at as "acknowledgedAt", acknowledged_by_name as "acknowledgedByName"`;

export const listOpenAlerts = defineQuery(
  { name: "open alerts", indexes: ["alerts_open"], buffers: 40, sample: () => [] },
  (db: Db): Promise<AlertRow[]> =>
    sql<AlertRow>`
      select ${columns}
      from alerts
      where cleared_at is null
      order by id desc`.rows(db),
);

/** Newest first, `limit` of them before the one with the id `before`. */
export const listAlerts = defineQuery(
  { name: "alerts, newest first", indexes: ["alerts_pkey"], buffers: 60, sample: () => [{ before: null, limit: 50 }] },
  (db: Db, { before, limit }: { before: string | null; limit: number }): Promise<AlertRow[]> =>
    sql<AlertRow>`
      select ${columns}
      from alerts
      where id < coalesce(${before}::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
      order by id desc
      limit ${limit}`.rows(db),
);

type NewAlert = Pick<AlertRow, "id" | "level" | "found" | "host" | "since"> & {
  openedAt: Date;
  /** if the channels were notified before it was stored */
  toldLevel?: AlertLevel | null;
};

/** @returns false if the check has an open alert, of another server */
export const insertAlert = defineQuery(
  {
    name: "a new alert",
    indexes: ["alerts_open", "alerts_pkey"],
    buffers: 20,
    sample: () => [
      {
        ...{ id: sampleId, level: "warn" as const, host: null, since: new Date(0), openedAt: new Date(0) },
        found: { id: "none" } as HealthCheck,
      },
    ],
  },
  async (db: Db, { id, level, found, host, since, openedAt, toldLevel = null }: NewAlert): Promise<boolean> => {
    const rows = await sql`
      insert into alerts (id, check_id, level, told_level, found, host, since, opened_at)
      values (${id}, ${found.id}, ${level}, ${toldLevel}, ${JSON.stringify(found)}, ${host}, ${since}, ${openedAt})
      on conflict do nothing
      returning id`.rows(db);
    return rows.length > 0;
  },
);

export const raiseAlert = defineQuery(
  {
    name: "an alert that got worse",
    indexes: ["alerts_pkey"],
    buffers: 10,
    sample: () => [{ id: sampleId, found: { id: "none" } as HealthCheck, host: null }],
  },
  async (db: Db, { id, found, host }: Pick<AlertRow, "id" | "found" | "host">): Promise<void> => {
    await sql`
      update alerts
      set level = 'error', found = ${JSON.stringify(found)}, host = ${host}
      where id = ${id}`.rows(db);
  },
);

export const clearAlert = defineQuery(
  {
    name: "an alert that is cleared",
    indexes: ["alerts_pkey"],
    buffers: 10,
    sample: () => [{ id: sampleId, at: new Date(0) }],
  },
  async (db: Db, { id, at }: { id: string; at: Date }): Promise<void> =>
    void (await sql`update alerts set cleared_at = ${at} where id = ${id}`.rows(db)),
);

export const markTold = defineQuery(
  {
    name: "an alert that the channels know",
    indexes: ["alerts_pkey"],
    buffers: 10,
    sample: () => [{ id: sampleId, level: "warn" as const }],
  },
  async (db: Db, { id, level }: Pick<AlertRow, "id" | "level">): Promise<void> =>
    void (await sql`update alerts set told_level = ${level} where id = ${id}`.rows(db)),
);

/** @returns the check of the alert; null if there is no such alert, or somebody acknowledged it before */
export const acknowledgeAlert = defineQuery(
  {
    name: "an alert that somebody sees to",
    indexes: ["alerts_pkey"],
    buffers: 10,
    sample: () => [{ id: sampleId, userId: sampleId, name: "" }],
  },
  async (db: Db, { id, userId, name }: { id: string; userId: string; name: string }): Promise<string | null> => {
    const [row] = await sql<{ checkId: string }>`
      update alerts
      set acknowledged_at = now(), acknowledged_by = ${userId}, acknowledged_by_name = ${name}
      where id = ${id}
        and acknowledged_at is null
      returning check_id as "checkId"`.rows(db);
    return row?.checkId ?? null;
  },
);

/** Their deliveries go with them; the results of tests too. */
export const expireAlerts = defineQuery(
  { name: "alerts and tests that are too old", indexes: [], sample: () => [] },
  async (db: Db): Promise<void> => {
    await sql`delete from alerts where cleared_at < now() - make_interval(days => ${keptDays})`.rows(db);
    await sql`delete from alert_deliveries where created_at < now() - make_interval(days => ${keptDays})`.rows(db);
    await sql`delete from alert_silences where until < now() - make_interval(days => ${keptDays})`.rows(db);
  },
);
