import type { Db } from "#database/connect.ts";
import { queryIn } from "#database/connect.ts";
import { retryDeadJobs } from "#database/health/checks/jobs.ts";
import { recount } from "#database/lifecycle/recount.ts";
import { rebuildIndexes } from "#database/migrations/rebuild-indexes.ts";
import { makePartitionsAhead } from "#database/partitions/months.ts";
import type { Log } from "#platform/log.ts";
import type { HealthFix } from "#protocol/health.ts";

export type Fix = HealthFix;

const recountHours = 24 * 30;

/** Does what a button of the dashboard asks for. Each fix is safe while people work, and may run twice. */
export async function mend(fix: Fix, { url, db, log }: { url: string; db: Db; log: Log }): Promise<void> {
  switch (fix) {
    case "make-partitions": {
      const query = queryIn(db);
      await makePartitionsAhead({
        query: async (text, values) => ({ rows: await query({ name: fix, text, values }) }),
      });
      return;
    }
    case "build-indexes":
      return void (await rebuildIndexes(url, { log }));
    case "recount":
      return void (await recount(db, { sinceHours: recountHours }));
    case "retry-jobs":
      return retryDeadJobs(db);
    case "check-again":
      return;
  }
}
