import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";
import type { HealthQueries, HealthReport } from "#protocol/health.ts";
import type { Counters, PastCounters } from "./checks/check.ts";

export type Figures = Record<string, number>;
export type HistoryRow = { at: Date; figures: Figures };

const keptMinutes = 24 * 60;
const keptDays = 400;

/** The last report, and when it was collected by the database's clock; null before the first. */
export const findReport = defineQuery(
  { name: "the last health report", indexes: ["health_reports_pkey"], buffers: 4, sample: () => [] },
  async (db: Db): Promise<{ report: HealthReport; ageSeconds: number } | null> => {
    const [row] = await sql<{ report: HealthReport; ageSeconds: number }>`
      select report, extract(epoch from clock_timestamp() - collected_at)::float as "ageSeconds"
      from health_reports
      where id = 1`.rows(db);
    return row ?? null;
  },
);

export const storeReport = defineQuery(
  {
    name: "a new health report",
    indexes: ["health_reports_pkey"],
    buffers: 20,
    sample: () => [
      { at: new Date(0).toISOString(), level: "ok" as const, summary: "", checks: [] },
      { at: new Date(0).toISOString(), since: new Date(0).toISOString(), queries: [], slow: [] },
    ],
  },
  async (db: Db, report: HealthReport, queries: HealthQueries): Promise<void> => {
    await sql`
      insert into health_reports (id, report, queries, collected_at)
      values (1, ${JSON.stringify(report)}, ${JSON.stringify(queries)}, now())
      on conflict (id) do update
      set report = excluded.report, queries = excluded.queries, collected_at = excluded.collected_at`.rows(db);
  },
);

/** How long queries took, as a server counted them last; null before the first time. */
export const findQueries = defineQuery(
  { name: "the last report of slow queries", indexes: ["health_reports_pkey"], buffers: 4, sample: () => [] },
  async (db: Db): Promise<HealthQueries | null> => {
    const [row] = await sql<{ queries: HealthQueries | null }>`
      select queries
      from health_reports
      where id = 1`.rows(db);
    return row?.queries ?? null;
  },
);

/** Keeps a row for this minute and the last one of today, and removes what is older than the charts show. */
export const storeHistory = defineQuery(
  {
    name: "new figures for the charts",
    indexes: ["health_history_pkey"],
    buffers: 60,
    sample: () => [{ figures: {}, counters: {} }],
  },
  async (db: Db, { figures, counters }: { figures: Figures; counters: Counters }): Promise<void> => {
    const values = [JSON.stringify(figures), JSON.stringify(counters)] as const;
    await sql`
      insert into health_history (period, at, figures, counters)
      values ('minute', date_trunc('minute', now()), ${values[0]}, ${values[1]}),
        ('day', date_trunc('day', now()), ${values[0]}, '{}')
      on conflict (period, at) do update
      set figures = excluded.figures, counters = excluded.counters`.rows(db);
    await sql`
      delete from health_history
      where (period = 'minute' and at < now() - make_interval(mins => ${keptMinutes}))
        or (period = 'day' and at < now() - make_interval(days => ${keptDays}))`.rows(db);
  },
);

/** Counters of the last hour, but none of this minute: the oldest and the newest; null if there are none. */
export const findPastCounters = defineQuery(
  { name: "counters of an hour ago", indexes: ["health_history_pkey"], buffers: 12, sample: () => [] },
  async (db: Db): Promise<{ earlier: PastCounters | null; previous: PastCounters | null }> => {
    const ofHour = sql`
      select at, counters
      from health_history
      where period = 'minute'
        and at >= now() - interval '1 hour'
        and at < date_trunc('minute', now())`;
    const rows = await sql<PastCounters>`
      (${ofHour} order by at limit 1)
      union all
      (${ofHour} order by at desc limit 1)`.rows(db);
    return { earlier: rows[0] ?? null, previous: rows[1] ?? null };
  },
);

/** Of the last `keptDays` days or `keptMinutes` minutes, the oldest first. */
export const listHistory = defineQuery(
  {
    name: "figures for the charts",
    indexes: ["health_history_pkey"],
    sample: () => ["day" as const],
  },
  (db: Db, period: "minute" | "day"): Promise<HistoryRow[]> =>
    sql<HistoryRow>`
      select at, figures
      from health_history
      where period = ${period}
      order by at`.rows(db),
);
