import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { uuidv7 } from "uuidv7";
import type { Db } from "#database/connect.ts";
import { insertAlert } from "#database/health/alerts/alerts.ts";
import { type Channel, listChannels } from "#database/health/alerts/channels.ts";
import { insertDelivery } from "#database/health/alerts/deliveries.ts";
import type { AlertRules } from "#database/health/alerts/judge.ts";
import { noticeOf } from "#database/health/alerts/notice.ts";
import { recordChange } from "#database/health/alerts/rounds.ts";
import type { Log } from "#platform/log.ts";
import type { HealthCheck, HealthReport } from "#protocol/health.ts";
import { type SendSettings, send } from "./send.ts";

/** A notice that the database could not store. */
type Unstored = {
  alertId: string;
  found: HealthCheck;
  since: string;
  at: string;
  url: string;
  sent: { id: string; channelId: string; deliveredAt: string | null; problem: string | null }[];
};

type Given = {
  /** keeps what was sent over a restart: otherwise it would never be cleared */
  dataDir: string;
  rules: Pick<AlertRules, "badRuns" | "quietMs">;
  settings: SendSettings;
  log: Log;
};

/**
 * The one alert that no database can store: that the server cannot see it. It is sent from memory, to the channels as they
 * were. Each server sends its own, because each sees for itself. When the database is back, the alert is stored in it and is
 * cleared like all others.
 */
export function watchAway({ dataDir, rules, settings, log }: Given) {
  const path = join(dataDir, "unstored-alert.json");
  let channels: Channel[] = [];
  let badRuns = 0;
  let since = new Date();
  let lastSentAt = Number.NEGATIVE_INFINITY;
  let unstored: Unstored | null | undefined;

  /** Each channel that did not take it yet gets it again, with the same id. */
  async function sendToAll(alert: Unstored) {
    const notice = noticeOf("fired", {
      ...{ alertId: alert.alertId, level: "error", found: alert.found, host: hostname(), url: alert.url },
      ...{ since: new Date(alert.since), at: new Date(alert.at) },
    });
    const tries = alert.sent.map(async each => {
      const channel = channels.find(({ id }) => id === each.channelId);
      if (!channel || each.deliveredAt) return;
      each.problem = await send(settings, { id: each.id, channel, notice });
      if (each.problem === null) each.deliveredAt = new Date().toISOString();
      else log.warn(`The alert about the database was not delivered by ${channel.kind}: ${each.problem}`);
    });
    await Promise.all(tries);
  }

  return {
    /** Called after each run while the database does not answer. */
    async seen(report: HealthReport, url: string): Promise<void> {
      if (badRuns++ === 0) since = new Date(report.at);
      if (badRuns < rules.badRuns) return;
      unstored ??= await read(path);
      if (!unstored) {
        if (Date.now() - lastSentAt < rules.quietMs) return;
        lastSentAt = Date.now();
        const { id, ...found } = report.checks.find(check => check.id === "database")!;
        const title = "The server cannot see its database";
        unstored = {
          ...{ alertId: uuidv7(), found: { id, ...found, title }, since: since.toISOString(), at: report.at, url },
          sent: channels.map(channel => ({ id: uuidv7(), channelId: channel.id, deliveredAt: null, problem: null })),
        };
      }
      // Before it is sent: a server that ends now must not send it again with another id.
      await write(path, unstored, log);
      await sendToAll(unstored);
      await write(path, unstored, log);
    },
    /** Called after each run while the database answers: stores what was sent meanwhile. */
    async back(db: Db): Promise<void> {
      badRuns = 0;
      channels = await listChannels(db);
      if (unstored === undefined) unstored = await read(path);
      if (!unstored) return;
      lastSentAt = Math.max(lastSentAt, Date.parse(unstored.at));
      await db.transaction().execute(tx => store(tx, unstored!, channels));
      unstored = null;
      await rm(path, { force: true });
    },
  };
}

async function store(tx: Db, { alertId, found, since, at, url, sent }: Unstored, channels: Channel[]): Promise<void> {
  await recordChange(tx, { checkId: found.id, at: new Date(at) });
  const level = "error";
  const given = { found, since: new Date(since), host: hostname() };
  const isNew = await insertAlert(tx, { id: alertId, level, toldLevel: level, openedAt: new Date(at), ...given });
  if (!isNew) return; // another server has sent the same, and sends that it is cleared
  const notice = noticeOf("fired", { ...given, alertId, level, at: new Date(at), url });
  for (const { id, channelId, deliveredAt, problem } of sent) {
    if (!channels.some(channel => channel.id === channelId)) continue;
    const outcome = { deliveredAt: deliveredAt ? new Date(deliveredAt) : null, problem };
    await insertDelivery(tx, { id, channelId, alertId, notice }, outcome);
  }
}

const read = (path: string): Promise<Unstored | null> =>
  readFile(path, "utf8").then(
    text => JSON.parse(text) as Unstored,
    () => null,
  );

/** Best effort: without it, a restart while the database is away sends the alert again. */
async function write(path: string, unstored: Unstored, log: Log): Promise<void> {
  try {
    await writeFile(`${path}.new`, JSON.stringify(unstored), { mode: 0o600 });
    await rename(`${path}.new`, path);
  } catch (error) {
    log.warn(`The alert about the database was not written to ${path}: ${(error as Error).message}`);
  }
}
