import { Logger, type Runner, run } from "graphile-worker";
import type { Logger as Log } from "pino";

/** Makes next months' partitions long before they are needed; a database that was away for months catches up at once. */
export const makePartitions = "select make_message_partitions((now() at time zone 'UTC')::date - 1, 4)";

/** minute hour day month weekday, in UTC. */
const crontab = "17 3 * * * make-partitions";

/**
 * Runs what is to be done by the clock, on one server of however many.
 * @param url  a direct connection: jobs hold it
 */
export function startJobs(url: string, log: Log): Promise<Runner> {
  return run({
    connectionString: url,
    maxPoolSize: 2,
    concurrency: 1,
    crontab,
    noHandleSignals: true,
    taskList: {
      "make-partitions": async (_payload, { query }) => void (await query(makePartitions)),
    },
    logger: new Logger(() => (level, message) => log[level === "warning" ? "warn" : level](message)),
  });
}
