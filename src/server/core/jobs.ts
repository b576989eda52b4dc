import { Logger, run } from "graphile-worker";
import type { Logger as Log } from "pino";
import { connect, type Db } from "#database/connect.ts";
import { isPassing } from "#database/failures.ts";
import { makePartitionsAhead } from "#database/month-partitions.ts";
import { recount } from "#database/recount.ts";

/** minute hour day month weekday, in UTC. */
const crontab = `
17 3 * * * make-partitions
37 3 * * * recount
`;
/** A night and a day more, for the night when the server was down. */
const recountHours = 48;

/**
 * Runs what is to be done by the clock, on one server of however many.
 * @param url  a direct connection: jobs hold it
 */
export async function startJobs(url: string, db: Db, log: Log): Promise<{ stop(): Promise<void> }> {
  let isStopping = false;
  // A pool that graphile-worker makes stops listening before its connections are gone: one that breaks just then would
  // end the process.
  const connection = connect({
    url,
    poolSize: 2,
    onError: ({ message }) => isStopping || log.warn(`A database connection of the jobs broke: ${message}`),
  });
  const runner = await run({
    pgPool: connection.pool,
    concurrency: 1,
    crontab,
    noHandleSignals: true,
    taskList: {
      "make-partitions": async (_payload, { query }) => {
        const made = await makePartitionsAhead({ query });
        if (made > 0) log.info(`Made ${made} partitions of messages for the months to come`);
      },
      async recount() {
        for (const drift of await recount(db, { sinceHours: recountHours })) {
          log.error(drift, "a conversation's counters had drifted from its messages; they are right again");
        }
      },
    },
    logger: new Logger(() => (level, message, meta) => {
      const passes = isPassing(meta?.error);
      // A connection that is being closed may hear of the server's end before its own.
      if (isStopping && passes) return;
      // A database that is away is tried again and again: no fault of the jobs.
      log[level === "warning" || (level === "error" && passes) ? "warn" : level](message);
    }),
  }).catch(async error => {
    await connection.close();
    throw error;
  });
  return {
    async stop() {
      isStopping = true;
      await runner.stop();
      await connection.close();
    },
  };
}
