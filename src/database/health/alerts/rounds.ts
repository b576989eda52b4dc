import { live } from "#database/conditions.ts";
import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";
import type { HealthReport } from "#protocol/health.ts";
import type { AlertState } from "./judge.ts";

const emptyId = "00000000-0000-7000-8000-000000000000";

/** What a server found. Servers that are gone leave theirs, which is soon too old to count. */
export const storeServerReport = defineQuery(
  {
    name: "a server's own health report",
    indexes: ["health_servers_pkey"],
    buffers: 40,
    sample: () => [
      {
        id: emptyId,
        host: "",
        report: { at: new Date(0).toISOString(), level: "ok" as const, summary: "", checks: [] },
      },
    ],
  },
  async (db: Db, { id, host, report }: { id: string; host: string; report: HealthReport }): Promise<void> => {
    await sql`
      insert into health_servers (id, host, report, collected_at)
      values (${id}, ${host}, ${JSON.stringify(report)}, clock_timestamp())
      on conflict (id) do update
      set report = excluded.report, collected_at = excluded.collected_at`.rows(db);
    await sql`delete from health_servers where collected_at < now() - interval '1 day'`.rows(db);
  },
);

/** A server that stops says no more. */
export const removeServerReport = defineQuery(
  { name: "the report of a server that stops", indexes: ["health_servers_pkey"], buffers: 6, sample: () => [emptyId] },
  async (db: Db, id: string): Promise<void> => void (await sql`delete from health_servers where id = ${id}`.rows(db)),
);

/** In a transaction: the database's time if this server is the one that judges now; null if another one has. */
export const takeRound = defineQuery(
  { name: "which server judges", indexes: ["alert_rounds_pkey"], buffers: 6, sample: () => [60_000] },
  async (db: Db, everyMs: number): Promise<Date | null> => {
    const [row] = await sql<{ now: Date }>`
      update alert_rounds
      set judged_at = clock_timestamp()
      where id = 1
        and judged_at <= clock_timestamp() - make_interval(secs => ${everyMs / 1000})
      returning judged_at as now`.rows(db);
    return row?.now ?? null;
  },
);

export const listServerReports = defineQuery(
  { name: "reports of all servers", indexes: ["health_servers_pkey"], buffers: 40, sample: () => [180_000] },
  (db: Db, maxAgeMs: number): Promise<{ host: string; report: HealthReport }[]> =>
    sql<{ host: string; report: HealthReport }>`
      select host, report
      from health_servers
      where collected_at > clock_timestamp() - make_interval(secs => ${maxAgeMs / 1000})
      order by collected_at desc`.rows(db),
);

export const listStates = defineQuery(
  { name: "how each check went", indexes: ["alert_states_pkey"], buffers: 10, sample: () => [] },
  (db: Db): Promise<AlertState[]> =>
    sql<AlertState>`
      select check_id as "checkId", bad_runs as "badRuns", error_runs as "errorRuns", good_runs as "goodRuns",
        bad_since as "badSince", changed_at as "changedAt", changed_before as "changedBefore"
      from alert_states`.rows(db),
);

/** Replaces all of them: a check that is gone has no state. */
export const storeStates = defineQuery(
  {
    name: "how each check went, anew",
    indexes: ["alert_states_pkey"],
    sample: () => [
      [
        {
          ...{ checkId: "database", badRuns: 0, errorRuns: 0, goodRuns: 1 },
          ...{ badSince: null, changedAt: null, changedBefore: null },
        },
      ],
    ],
  },
  async (db: Db, states: AlertState[]): Promise<void> => {
    const columns = [
      states.map(({ checkId }) => checkId),
      states.map(({ badRuns }) => badRuns),
      states.map(({ errorRuns }) => errorRuns),
      states.map(({ goodRuns }) => goodRuns),
      states.map(({ badSince }) => badSince),
      states.map(({ changedAt }) => changedAt),
      states.map(({ changedBefore }) => changedBefore),
    ] as const;
    await sql`delete from alert_states where check_id <> all(${columns[0]}::text[])`.rows(db);
    await sql`
      insert into alert_states (check_id, bad_runs, error_runs, good_runs, bad_since, changed_at, changed_before)
      select *
      from unnest(${columns[0]}::text[], ${columns[1]}::integer[], ${columns[2]}::integer[], ${columns[3]}::integer[],
        ${columns[4]}::timestamptz[], ${columns[5]}::timestamptz[], ${columns[6]}::timestamptz[])
      on conflict (check_id) do update
      set bad_runs = excluded.bad_runs, error_runs = excluded.error_runs, good_runs = excluded.good_runs,
        bad_since = excluded.bad_since, changed_at = excluded.changed_at, changed_before = excluded.changed_before`.rows(
      db,
    );
  },
);

/** An alert that was sent while nothing could be stored. It is cleared after as many good runs as all others. */
export const recordChange = defineQuery(
  {
    name: "an alert of before the database was back",
    indexes: ["alert_states_pkey"],
    buffers: 10,
    sample: () => [{ checkId: "database", at: new Date(0) }],
  },
  async (db: Db, { checkId, at }: { checkId: string; at: Date }): Promise<void> => {
    await sql`
      insert into alert_states (check_id, bad_runs, error_runs, good_runs, changed_at)
      values (${checkId}, 0, 0, 0, ${at})
      on conflict (check_id) do update
      set good_runs = 0, changed_before = alert_states.changed_at, changed_at = excluded.changed_at`.rows(db);
  },
);

/** The oldest website, whose settings an alert leads to; null before there is one. */
export const findAnyWebsite = defineQuery(
  { name: "the website that alerts lead to", indexes: ["websites_pkey"], buffers: 4, sample: () => [] },
  async (db: Db): Promise<number | null> => {
    const [row] = await sql<{ id: number | null }>`
      select min(w.id) as id from websites w where ${live("w")}`.rows(db);
    return row?.id ?? null;
  },
);
