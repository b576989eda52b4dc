import { uuidv7 } from "uuidv7";
import type { Db } from "#database/connect.ts";
import type { HealthCheck } from "#protocol/health.ts";
import { type AlertRow, clearAlert, insertAlert, listOpenAlerts, markTold, raiseAlert } from "./alerts.ts";
import { type Channel, listChannels } from "./channels.ts";
import { insertDelivery, listNotifiedChannels } from "./deliveries.ts";
import { type AlertChange, type AlertRules, judge, observe } from "./judge.ts";
import { noticeOf } from "./notice.ts";
import { listServerReports, listStates, storeStates, takeRound } from "./rounds.ts";
import { listSilences } from "./silences.ts";

export type Round = {
  rules: AlertRules;
  /** between two rounds */
  everyMs: number;
  /** the page that a notice leads to */
  url: string;
};

/** The report of a server that has missed two runs is too old; a busy server may be late by some seconds. */
const keptRuns = 2.5;
const minKeptMs = 10_000;
/** A timer is not exact. */
const early = 0.9;

/**
 * Judges the reports of all servers, stores what changed and the notices to send, in one transaction.
 * @returns null if another server has judged in this round; otherwise whether there is something to send
 */
export const runRound = (db: Db, { rules, everyMs, url }: Round): Promise<{ hasNotices: boolean } | null> =>
  db.transaction().execute(async tx => {
    const now = await takeRound(tx, everyMs * early);
    if (now === null) return null;
    const observed = observe(await listServerReports(tx, Math.max(everyMs * keptRuns, minKeptMs)));
    const [states, open] = [await listStates(tx), await listOpenAlerts(tx)];
    const judged = judge(observed, { states, open, now, rules });
    await storeStates(tx, judged.states);
    const channels = await listChannels(tx);
    let count = 0;
    for (const change of judged.changes) count += await apply(tx, change, { now, open, url, channels });
    count += await tellOpen(tx, { now, url, channels });
    return { hasNotices: count > 0 };
  });

type Given = { now: Date; open: AlertRow[]; url: string; channels: Channel[] };

/** @returns the notices that were stored */
async function apply(tx: Db, change: AlertChange, { now, open, url, channels }: Given): Promise<number> {
  if (change.kind === "open") {
    const { level, since, observed } = change;
    await insertAlert(tx, { id: uuidv7(), level, found: observed.check, host: observed.host, since, openedAt: now });
    return 0;
  }
  if (change.kind === "raise") {
    const { alert, observed } = change;
    await raiseAlert(tx, { id: alert.id, found: observed.check, host: observed.host });
    return 0;
  }
  const alert = open.find(({ id }) => id === change.alert.id)!;
  await clearAlert(tx, { id: alert.id, at: now });
  const notified = await listNotifiedChannels(tx, alert.id);
  const found = change.observed?.check ?? withoutMeaning(alert.found);
  const notice = noticeOf("cleared", { ...alert, alertId: alert.id, found, at: now, url });
  const receivers = channels.filter(({ id }) => notified.includes(id));
  for (const { id } of receivers) {
    await insertDelivery(tx, { id: uuidv7(), channelId: id, alertId: alert.id, notice });
  }
  return receivers.length;
}

const withoutMeaning = (found: HealthCheck): HealthCheck => ({
  ...found,
  ...{ level: "ok", why: "This check has no meaning here any more.", fix: null, facts: [], value: null },
});

/** Notices of what the channels do not know yet, also because the check was silenced until now. */
async function tellOpen(tx: Db, { now, url, channels }: Omit<Given, "open">): Promise<number> {
  const silenced = (await listSilences(tx)).map(({ checkId }) => checkId);
  let count = 0;
  for (const alert of await listOpenAlerts(tx)) {
    if (alert.toldLevel === alert.level || silenced.includes(alert.checkId)) continue;
    const kind = alert.toldLevel === null ? "fired" : "worsened";
    const notice = noticeOf(kind, { ...alert, alertId: alert.id, at: now, url });
    const receivers = channels.filter(({ minLevel }) => minLevel === "warn" || alert.level === "error");
    for (const { id } of receivers) {
      await insertDelivery(tx, { id: uuidv7(), channelId: id, alertId: alert.id, notice });
    }
    await markTold(tx, alert);
    count += receivers.length;
  }
  return count;
}
