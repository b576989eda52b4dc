import { live } from "#database/conditions.ts";
import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";
import { limits } from "#protocol/limits.ts";
import { byThreshold, type Check, type Finding, inTime, ok, perRun, plural } from "./check.ts";

const hour = 3_600;
const day = 24 * hour;

type Website = { id: number; createdAt: Date; isConfirmed: boolean; deleteAfterDays: number };

/** The oldest first: the retention runs for all websites, one after the other, so the first stands for all. */
export const listPeriods = defineQuery(
  { name: "since when websites delete", indexes: ["websites_pkey"], sample: () => [] },
  (directory: Db): Promise<Website[]> =>
    sql<Website>`
      select w.id, w.created_at as "createdAt",
        coalesce((w.settings ->> 'isDeletionConfirmed')::boolean, false) as "isConfirmed",
        coalesce((w.settings ->> 'deleteAfterDays')::integer, 365) as "deleteAfterDays"
      from websites w
      where ${live("w")}
      order by w.id`.rows(directory),
);

type Progress = {
  /** since the job ran last for the website; null: it never ran */
  ranSeconds: number | null;
  /** a month that should have moved on long ago, and nothing holds it */
  late: { month: string; step: string; seconds: number }[];
};

export const getProgress = defineQuery(
  {
    name: "whether retention keeps up",
    indexes: ["retention_runs_pkey", "message_months_pkey"],
    sample: ({ websiteId }) => [websiteId, new Date()],
  },
  async (db: Db, websiteId: number, now: Date): Promise<Progress> => {
    const [row] = await sql<Progress>`
      select
        (select extract(epoch from ${now}::timestamptz - max(r.ran_at))::float
         from retention_runs r
         where r.website_id = ${websiteId}) as "ranSeconds",
        coalesce((
          select jsonb_agg(jsonb_build_object(
            'month', to_char(month, 'YYYY-MM'),
            'step', next_step,
            'seconds', extract(epoch from ${now}::timestamptz - next_at)) order by next_at)
          from message_months
          where next_step is not null
            and waits_for = '[]'
            and next_at < ${now}::timestamptz - make_interval(secs => ${maxLateSeconds})), '[]') as late`.rows(db);
    return row!;
  },
);

/** @returns the websites with a conversation that is older than the website keeps it */
export const listWithOld = defineQuery(
  {
    name: "websites with conversations that are due",
    indexes: ["conversations_pkey"],
    includesDeleted: { conversations: "those in the trash are kept too" },
    sample: ({ websiteId }) => [[{ id: websiteId, deleteAfterDays: 365 }], new Date()],
  },
  async (db: Db, websites: Pick<Website, "id" | "deleteAfterDays">[], now: Date): Promise<number[]> => {
    const rows = await sql<{ id: number }>`
      select w.id
      from unnest(${websites.map(({ id }) => id)}::bigint[], ${websites.map(each => each.deleteAfterDays)}::integer[])
        as w (id, days)
      cross join lateral (select ${now}::timestamptz - make_interval(days => w.days) as before) p
      cross join lateral (
        select
        from conversations c
        where c.website_id = w.id
          and c.id < uuid_floor(p.before)
          and c.last_message_at < p.before
        limit 1) c
      order by w.id`.rows(db);
    return rows.map(({ id }) => Number(id));
  },
);

type Retention = Progress & {
  /** since the first website was made; null: there is none */
  websiteSeconds: number | null;
  /** websites with conversations that would be deleted, had an admin confirmed it */
  unconfirmed: number[];
};

async function getRetention(db: Db, now: Date): Promise<Retention> {
  const websites = await listPeriods(db);
  const progress = await getProgress(db, websites[0]?.id ?? 0, now);
  const waiting = websites.filter(({ isConfirmed }) => !isConfirmed);
  return {
    ...progress,
    websiteSeconds: websites[0] ? (now.getTime() - websites[0].createdAt.getTime()) / 1000 : null,
    unconfirmed: waiting.length === 0 ? [] : await listWithOld(db, waiting, now),
  };
}

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
