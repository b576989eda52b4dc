import { Logger, quickAddJob, type Runner, type RunnerOptions, run } from "graphile-worker";
import type pg from "pg";
import type { Log } from "#platform/log.ts";
import { inQuery, inRequest, newRequestId } from "#platform/requests/request-context.ts";
import { isTransient } from "#platform/retry.ts";
import { startOrStop } from "#platform/shutdown.ts";

export type Task = {
  /** kebab-case; names the job in the queue */
  name: string;
  /** minute hour day month weekday, in UTC; absent: the task runs when a job of its name is added */
  schedule?: string;
  /** Tasks that take long and that many may add: those with the same name here run one after another, beside all others. */
  lane?: string;
  run(payload: unknown): Promise<void> | void;
};

type When = {
  runAt?: Date;
  /** a job with it that waits is replaced */
  jobKey?: string;
};

/** Adds a job for the server that runs on the database, or for the next one that starts. */
export async function addJob(
  pool: pg.Pool,
  schema: string,
  name: string,
  payload: object,
  when: When = {},
): Promise<void> {
  const options = { pgPool: pool, schema, logger: new Logger(() => () => {}) };
  await inQuery("the queue of jobs", () => quickAddJob(options, name, payload, when));
}

const restartMs = 5_000;

/** A backup and the retention may be at work for hours: a third job is one that somebody waits for. */
const usualConcurrency = 3;

/**
 * A worker that could not connect when it first looked for jobs keeps that error, and finds none ever after (graphile-worker
 * 0.18, taskIdentifiers.js). It is started again.
 */
const maxFails = 3;

/**
 * Runs tasks by the clock or when a job is added, each on one of the servers that share the database.
 * @param pool  of direct connections: each lane keeps one. The caller's own, because a pool that graphile-worker makes stops
 *   listening before its connections are closed, and a connection that breaks then would end the process
 * @param schema  holds the queue; it is created if it does not exist
 */
export async function startCron(
  pool: pg.Pool,
  schema: string,
  tasks: Task[],
  log: Log,
): Promise<{ stop(): Promise<void> }> {
  return startOrStop(async ({ add, stop }) => {
    for (const [lane, own] of Map.groupBy(tasks, each => each.lane)) {
      const runner = await startLane(pool, schema, { tasks: own, concurrency: lane ? 1 : usualConcurrency, log });
      add(runner.stop);
    }
    return { stop };
  });
}

/** A runner takes jobs of its own tasks only. Not a queue of graphile-worker: a server that dies would keep it for hours. */
async function startLane(
  pool: pg.Pool,
  schema: string,
  { tasks, concurrency, log }: { tasks: Task[]; concurrency: number; log: Log },
): Promise<{ stop(): Promise<void> }> {
  let isStopping = false;
  let runner: Runner | undefined;
  let restart: NodeJS.Timeout | undefined;
  const options: RunnerOptions = {
    pgPool: pool,
    schema,
    concurrency,
    crontab: tasks.flatMap(({ schedule, name }) => (schedule ? [`${schedule} ${name}`] : [])).join("\n"),
    noHandleSignals: true,
    taskList: Object.fromEntries(
      tasks.map(task => [task.name, payload => inRequest(newRequestId(), () => task.run(payload))]),
    ),
    logger: new Logger(() => (level, message, meta) => {
      const isOutage = isTransient(meta?.error);
      // A connection that is being closed may learn of the server's end before its own.
      if (isStopping && isOutage) return;
      if (message.includes(`(${maxFails} contiguous fails)`)) startAgain();
      // The worker reconnects by itself: a database outage is a warning.
      log[level === "warning" || (level === "error" && isOutage) ? "warn" : level](message);
    }),
    // Without batches, a connection that breaks while a job is marked as done rejects a promise that no code awaits, which ends
    // the process. With them the runner ends.
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
  };

  /** A new object: the worker keeps what it has read, and a failure to read it, by the object. */
  async function start() {
    runner = await run({ ...options });
    runner.promise.then(ended, ended);
  }
  function ended(error?: unknown) {
    if (isStopping) return;
    log.warn(`The jobs have ended, and start again in ${restartMs / 1000} s. ${error ?? ""}`);
    restart = setTimeout(() => start().catch(ended), restartMs);
  }

  /** Its end starts it again. */
  function startAgain() {
    runner?.stop().catch(() => {}); // it is ending already
  }

  await start();
  return {
    async stop() {
      isStopping = true;
      clearTimeout(restart);
      await runner?.stop().catch(() => {}); // it has ended already
    },
  };
}
