import type { Db } from "#database/connect.ts";
import { type Delivery, findNextTry, storeOutcome, takeDueDeliveries } from "#database/health/alerts/deliveries.ts";
import type { Log } from "#platform/log.ts";
import { type SendSettings, send } from "./send.ts";

/** The job that sends what is due. */
export const deliverAlertsJob = "deliver-alerts";

/** At once, each to its channel. */
const maxAtOnce = 10;
/** A later try waits for the run of each minute. */
const soonSeconds = 60;

/**
 * Sends the notices that are due, until none is.
 * @returns in how many seconds the job is to run again; null: the run of each minute is soon enough
 */
export async function deliverAlerts(db: Db, settings: SendSettings, log: Log): Promise<number | null> {
  for (;;) {
    const due = await takeDueDeliveries(db, maxAtOnce);
    if (due.length === 0) break;
    await Promise.all(due.map(delivery => deliver(db, settings, log, delivery)));
  }
  const next = await findNextTry(db);
  return next && next.inSeconds < soonSeconds ? Math.max(1, next.inSeconds) : null;
}

async function deliver(db: Db, settings: SendSettings, log: Log, { id, notice, attempts, channel }: Delivery) {
  const problem = await send(settings, { id, channel, notice });
  if (problem !== null) {
    log.warn(`An alert was not delivered by ${channel.kind} (try ${attempts}): ${problem} It is tried again.`);
  }
  await storeOutcome(db, { id, problem });
}
