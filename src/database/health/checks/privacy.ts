import { live } from "#database/conditions.ts";
import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";
import { limits } from "#protocol/limits.ts";
import { byThreshold, type Check, type Finding, inTime, ok, perRun, plural } from "./check.ts";

const hour = 3_600;
const day = 24 * hour;

type Retention = {
  /** since the job ran last for the first website; null: it never ran */
  ranSeconds: number | null;
  /** since that website was made */
  websiteSeconds: number | null;
  /** a month that should have moved on long ago, and nothing holds it */
  late: { month: string; step: string; seconds: number }[];
  /** websites with conversations that would be deleted, had an admin confirmed it */
  unconfirmed: number[];
};

/** The job runs for all websites, one after the other, so one of them stands for all. */
export const getRetention = defineQuery(
  {
    name: "whether retention keeps up",
    indexes: ["retention_runs_pkey", "message_months_pkey", "websites_pkey", "conversations_pkey"],
    includesDeleted: { conversations: "those in the trash are kept too" },
    sample: () => [new Date()],
  },
  async (db: Db, now: Date): Promise<Retention> => {
    const [row] = await sql<Retention>`
      with first as (
        select w.id, w.created_at from websites w where ${live("w")} order by w.id limit 1
      )
      select
        (select extract(epoch from ${now}::timestamptz - max(r.ran_at))::float
         from retention_runs r
         where r.website_id = (select id from first)) as "ranSeconds",
        (select extract(epoch from ${now}::timestamptz - created_at)::float from first) as "websiteSeconds",
        coalesce((
          select jsonb_agg(jsonb_build_object(
            'month', to_char(month, 'YYYY-MM'),
            'step', next_step,
            'seconds', extract(epoch from ${now}::timestamptz - next_at)) order by next_at)
          from message_months
          where next_step is not null
            and waits_for = '[]'
            and next_at < ${now}::timestamptz - make_interval(secs => ${maxLateSeconds})), '[]') as late,
        coalesce((
          select jsonb_agg(w.id order by w.id)
          from websites w
          cross join lateral (
            select ${now}::timestamptz - make_interval(days => coalesce((w.settings ->> 'deleteAfterDays')::integer, 365)) as before
          ) p
          where ${live("w")}
            and not coalesce((w.settings ->> 'isDeletionConfirmed')::boolean, false)
            and exists (
              select
              from conversations c
              where c.website_id = w.id
                and c.id < uuid_floor(p.before)
                and c.last_message_at < p.before)), '[]') as unconfirmed`.rows(db);
    return row!;
  },
);

/** Two runs on different days must agree, and one may be missed. */
const maxLateSeconds = 4 * day;
const maxRunSeconds = 26 * hour;

type Erasures = { late: number; oldestSeconds: number; unstored: number; unstoredSeconds: number };

/** `late`: past the time in which they can be undone, and nothing holds them. */
export const getErasures = defineQuery(
  {
    name: "erasures that are late",
    indexes: ["erasures_open", "erasures_unstored", "holds_pkey"],
    sample: () => [new Date()],
  },
  async (db: Db, now: Date): Promise<Erasures> => {
    const [row] = await sql<Erasures>`
      select count(*)::integer as late,
        coalesce(extract(epoch from ${now}::timestamptz - min(e.requested_at)), 0)::float as "oldestSeconds",
        (select count(*)::integer from erasures where not is_stored) as unstored,
        coalesce((
          select extract(epoch from ${now}::timestamptz
            - min(greatest(requested_at, coalesce(undone_at, requested_at), coalesce(erased_at, requested_at))))
          from erasures
          where not is_stored), 0)::float as "unstoredSeconds"
      from erasures e
      where e.erased_at is null
        and e.undone_at is null
        and e.requested_at < ${now}::timestamptz - make_interval(days => ${limits.undoDays}, secs => ${maxRunSeconds})
        and not exists (
          select from holds h
          where h.website_id = e.website_id
            and h.target_id = any(e.conversation_ids || e.visitor_id))`.rows(db);
    return row!;
  },
);

const erasures = perRun(({ db, now }) => getErasures(db, now));
const about = "database";
const nightly = "It runs each night while the server runs. See “Jobs given up”, and the server's log.";

export const privacyChecks: Check[] = [
  {
    ...{ id: "retention", title: "Last run of the retention", about, unit: "seconds", healthy: "below 26 hours" },
    metric: "prochat_retention_age_seconds",
    look: async ({ db, now }) => judgeRetention(await getRetention(db, now)),
  },
  {
    ...{ id: "erasures", title: "Erasures that are late", about, unit: "count", healthy: "0" },
    metric: "prochat_erasures_late",
    async look(source) {
      const { late: value, oldestSeconds } = await erasures(source);
      if (value === 0) return ok("What people asked to be erased is gone, or goes on its day.", { value });
      return {
        level: "error",
        value,
        why: `${plural(value, "person", "people")} asked to be forgotten, the first ${inTime(oldestSeconds)} ago, and ${value === 1 ? "is" : "are"} still stored: the law gives a month.`,
        fix: nightly,
      };
    },
  },
  {
    ...{ id: "erasure-list", title: "Erasures known outside of the database", about, unit: "seconds" },
    healthy: "each within an hour",
    async look(source) {
      const { unstored, unstoredSeconds } = await erasures(source);
      const value = unstored === 0 ? 0 : Math.max(0, unstoredSeconds);
      const level = byThreshold(value, { warn: hour, error: day });
      if (level === "ok") return ok("Each erasure is also written where files are, for a restored backup.", { value });
      return {
        level,
        value,
        why: `${plural(unstored, "erasure")} of up to ${inTime(value)} ago ${unstored === 1 ? "is" : "are"} not written where files are: a restored backup would bring ${unstored === 1 ? "that person" : "those people"} back.`,
        fix: "See “Files, exports and backups” and “Jobs given up”.",
      };
    },
  },
];

function judgeRetention({ ranSeconds, websiteSeconds, late, unconfirmed }: Retention): Finding {
  const [worst] = late;
  if (worst)
    return {
      level: "error",
      value: ranSeconds,
      why: `The messages of ${worst.month} should have been ${worst.step} ${inTime(worst.seconds)} ago: they are kept longer than the websites say.`,
      fix: "See what the month waits for: npx prochat retention. The server's log says what failed.",
      facts: late.map(({ month, step, seconds }) => `${month}: ${step} is due for ${inTime(seconds)}`),
    };
  const since = ranSeconds ?? websiteSeconds;
  if (since === null) return ok("There is no website yet.");
  // After an upgrade or a restore, the first night is still to come, however old the website is.
  const level = byThreshold(since, {
    warn: maxRunSeconds,
    error: ranSeconds === null ? Number.POSITIVE_INFINITY : 7 * day,
  });
  const when = ranSeconds === null ? "has not run yet" : `ran ${inTime(ranSeconds)} ago`;
  if (level === "ok" && unconfirmed.length > 0)
    return {
      level: "warn",
      value: ranSeconds,
      why: `${plural(unconfirmed.length, "website")} of before the retention ${unconfirmed.length === 1 ? "has" : "have"} conversations that are older than the website keeps them. Nothing of them is deleted until an admin confirms it.`,
      fix: "In Settings → Retention, set how long conversations are kept, and save.",
      facts: unconfirmed.map(id => `website ${id}`),
    };
  if (level === "ok") return ok(`The retention ${when}; it runs each night.`, { value: ranSeconds });
  return {
    level,
    value: ranSeconds,
    why: `The retention ${when}: nothing is archived or deleted when it is due.`,
    fix: nightly,
  };
}
