import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";
import type { Rule } from "./plan.ts";

type Recorded = Omit<Rule, "isDeletionConfirmed">;

/**
 * Records a website's periods on a day. A second run on that day keeps the earlier time and the longer periods: it must not
 * shorten what the next day agrees with.
 */
export const recordRun = defineQuery(
  {
    name: "a run of the retention",
    indexes: ["retention_runs_pkey"],
    buffers: 40,
    sample: ({ websiteId }) => [{ websiteId, archiveAfterDays: 90, deleteAfterDays: 365, now: new Date() }],
  },
  (db: Db, p: Recorded & { now: Date }) =>
    sql`
      insert into retention_runs (website_id, day, ran_at, archive_after_days, delete_after_days)
      values (${p.websiteId}, (${p.now}::timestamptz at time zone 'UTC')::date, ${p.now}, ${p.archiveAfterDays},
        ${p.deleteAfterDays})
      on conflict (website_id, day) do update
      set ran_at = least(retention_runs.ran_at, excluded.ran_at),
        archive_after_days = greatest(retention_runs.archive_after_days, excluded.archive_after_days),
        delete_after_days = greatest(retention_runs.delete_after_days, excluded.delete_after_days)`.rows(db),
);

export type EarlierRun = Recorded & { ranAt: Date };

/** A website's last run on an earlier day; null: there was none. */
export const findEarlierRun = defineQuery(
  {
    name: "the last run of the retention on an earlier day",
    indexes: ["retention_runs_pkey"],
    buffers: 8,
    sample: ({ websiteId }) => [{ websiteId, now: new Date() }],
  },
  async (db: Db, p: { websiteId: number; now: Date }): Promise<EarlierRun | null> => {
    const [run] = await sql<EarlierRun>`
      select website_id as "websiteId", ran_at as "ranAt", archive_after_days as "archiveAfterDays",
        delete_after_days as "deleteAfterDays"
      from retention_runs
      where website_id = ${p.websiteId}
        and day < (${p.now}::timestamptz at time zone 'UTC')::date
      order by day desc
      limit 1`.rows(db);
    return run ?? null;
  },
);

/** The database's time, which decides what is old. */
export const readClock = defineQuery(
  { name: "the database's time", indexes: [], buffers: 0, sample: () => [] },
  async (db: Db): Promise<Date> => {
    const [row] = await sql<{ now: Date }>`select now() as now`.rows(db);
    return row!.now;
  },
);

/** When the retention last ran for a website; null: never. */
export const findLastRun = defineQuery(
  {
    name: "the last run of the retention",
    indexes: ["retention_runs_pkey"],
    buffers: 8,
    sample: ({ websiteId }) => [websiteId],
  },
  async (db: Db, websiteId: number): Promise<Date | null> => {
    const [run] = await sql<{ ranAt: Date }>`
      select ran_at as "ranAt" from retention_runs where website_id = ${websiteId} order by day desc limit 1`.rows(db);
    return run?.ranAt ?? null;
  },
);
