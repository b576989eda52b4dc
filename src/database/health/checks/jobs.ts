import type { Db } from "#database/connect.ts";
import { homeSchema, jobsSchemaOf } from "#database/home-schema.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { raw, sql } from "#database/sql.ts";
import { byThreshold, type Check, inTime, ok, perRun, plural, unknown } from "./check.ts";

/** The name of the queue's view; null if there is none that this role may read. */
async function findJobsView(db: Db): Promise<string | null> {
  const [home] = await sql<{ name: string }>`
    select nspname as name from pg_namespace where oid = ${raw(homeSchema)}`.rows(db);
  const view = `${jobsSchemaOf(home!.name)}.jobs`;
  const [queue] = await sql<{ exists: boolean }>`
    select coalesce(has_table_privilege(to_regclass(${view}), 'select'), false) as exists`.rows(db);
  return queue!.exists ? view : null;
}

type Jobs = { waiting: number; oldestSeconds: number; dead: { task: string; count: number }[] };

/** The payloads and errors of jobs are not read: people's words may be in them. null: there is no queue yet. */
export const getJobs = defineQuery(
  { name: "waiting and dead jobs", indexes: [], sample: () => [new Date()] },
  async (db: Db, now: Date): Promise<Jobs | null> => {
    const view = await findJobsView(db);
    if (view === null) return null;
    const [row] = await sql<Jobs>`
      select count(*) filter (where attempts < max_attempts)::integer as waiting,
        coalesce(extract(epoch from ${now}::timestamptz - min(run_at) filter (where attempts < max_attempts and locked_at is null)), 0)::float
          as "oldestSeconds",
        coalesce((
          select jsonb_agg(jsonb_build_object('task', task_identifier, 'count', count))
          from (
            select task_identifier, count(*)
            from ${raw(view)}
            where attempts >= max_attempts
            group by task_identifier
          ) as dead), '[]') as dead
      from ${raw(view)}`.rows(db);
    return row!;
  },
);

/** They run again at once, with all of their tries. Those that a server holds are left alone. */
export const retryDeadJobs = defineQuery(
  { name: "dead jobs that are tried again", indexes: [], sample: () => [] },
  async (db: Db): Promise<void> => {
    const view = await findJobsView(db);
    if (view === null) return;
    const schema = raw(view.replace(/\.jobs$/, ""));
    // Not "select": the check of query proofs executes statements that begin with it.
    await sql`
      with tried as (
        select id
        from ${schema}.reschedule_jobs(
        array(select id from ${raw(view)} where attempts >= max_attempts), run_at => now(), attempts => 0)
      )
      select count(*) from tried`.rows(db);
  },
);

const jobs = perRun(({ db, now }) => getJobs(db, now));
const noQueue = () => unknown("There is no queue of jobs that this role may read. The server makes it when it starts.");

export const jobChecks: Check[] = [
  {
    ...{
      id: "jobs-waiting",
      title: "Oldest waiting job",
      about: "database",
      unit: "seconds",
      healthy: "below 5 minutes",
    },
    metric: "prochat_jobs_oldest_seconds",
    async look(source) {
      const queue = await jobs(source);
      if (!queue) return noQueue();
      const value = Math.max(0, queue.oldestSeconds);
      const level = byThreshold(value, { warn: 300, error: 3600 });
      if (level === "ok") return ok(`${plural(queue.waiting, "job")} in the queue, none of them late.`, { value });
      return {
        level,
        value,
        why: `A job has waited ${inTime(value)} for a server to run it.`,
        fix: "Restart the server. If the job still waits, look into its log.",
      };
    },
  },
  {
    ...{ id: "jobs-dead", title: "Jobs given up", about: "database", unit: "count", healthy: "0" },
    metric: "prochat_jobs_dead",
    async look(source) {
      const queue = await jobs(source);
      if (!queue) return noQueue();
      const value = queue.dead.reduce((sum, { count }) => sum + count, 0);
      if (value === 0) return ok("No job was given up.", { value });
      return {
        level: "warn",
        value,
        why: `${plural(value, "job")} failed at each try and will not run again: ${queue.dead.map(({ task }) => task).join(", ")}.`,
        fix: "Find the reason in the server's log and mend it. Then press “Try dead jobs again”.",
        facts: queue.dead.map(({ task, count }) => `${task}: ${count}`),
      };
    },
  },
];
