import type { Db } from "#database/connect.ts";
import { agree, type Rule, type View } from "#database/retention/plan.ts";
import { type EarlierRun, findEarlierRun } from "#database/retention/runs.ts";
import { AppError } from "#protocol/errors.ts";
import { listSettings } from "#server/features/websites/feature.ts";

/** What decides today, and what today and an earlier day agree on; null: the retention has run on no earlier day. */
export type Views = { today: View; agreed: View | null };

export async function readViews(directory: Db, db: Db, now: Date): Promise<Views> {
  const today = { now, rules: await readRules(directory) };
  const runs = await Promise.all(today.rules.map(({ websiteId }) => findEarlierRun(db, { websiteId, now })));
  const earlier = runs.filter(run => run !== null);
  if (earlier.length === 0) return { today, agreed: null };
  const ranAt = Math.min(...earlier.map(run => run.ranAt.getTime()));
  return { today, agreed: agree(today, { now: new Date(ranAt), rules: earlier.map(asConfirmed) }) };
}

const readRules = async (directory: Db): Promise<Rule[]> =>
  (await listSettings(directory)).map(
    ({ id, settings: { archiveAfterDays, deleteAfterDays, isDeletionConfirmed } }) => ({
      websiteId: id,
      archiveAfterDays,
      deleteAfterDays,
      isDeletionConfirmed,
    }),
  );

/** Whether the deletion is confirmed counts today only: a person has looked at what goes. */
const asConfirmed = (run: EarlierRun): Rule => ({ ...run, isDeletionConfirmed: true });

const maxDifferenceMs = 3_600_000;

/** @throws AppError "conflict": one of the two clocks is wrong, and old conversations would go by it */
export function requireSameClock(databaseNow: Date, ownNow = new Date()): void {
  if (Math.abs(databaseNow.getTime() - ownNow.getTime()) <= maxDifferenceMs) return;
  throw new AppError(
    "conflict",
    `The database's clock says ${databaseNow.toISOString()}, this machine's ${ownNow.toISOString()}. Nothing is archived or ` +
      "deleted until they agree: set the wrong one.",
  );
}
