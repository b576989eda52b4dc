import type { AlertRow } from "#database/health/alerts/alerts.ts";
import type { Channel, ChannelRow } from "#database/health/alerts/channels.ts";
import type { SilenceRow } from "#database/health/alerts/silences.ts";
import type { Alert, AlertChannel, AlertSilence } from "#protocol/alerts.ts";

export const asAlert = (row: AlertRow): Alert => ({
  id: row.id,
  check: row.checkId,
  title: row.found.title,
  level: row.level,
  why: row.found.why,
  fix: row.found.fix,
  host: row.host,
  since: row.since.toISOString(),
  openedAt: row.openedAt.toISOString(),
  clearedAt: row.clearedAt?.toISOString() ?? null,
  acknowledged: row.acknowledgedAt && {
    at: row.acknowledgedAt.toISOString(),
    by: row.acknowledgedByName ?? "",
  },
});

export const asSilence = (row: SilenceRow): AlertSilence => ({
  id: row.id,
  check: row.checkId,
  until: row.until.toISOString(),
  reason: row.reason,
  createdAt: row.createdAt.toISOString(),
  createdBy: row.createdByName,
});

export const asChannel = (row: ChannelRow): AlertChannel => ({
  id: row.id,
  kind: row.kind,
  target: shownTarget(row),
  minLevel: row.minLevel,
  createdAt: row.createdAt.toISOString(),
  waiting: row.waiting,
  last: row.lastAt && {
    at: row.lastAt.toISOString(),
    deliveredAt: row.lastDeliveredAt?.toISOString() ?? null,
    problem: row.lastProblem,
  },
});

/** Of a URL only its host: a path such as that of Slack lets anybody write. */
export const shownTarget = ({ kind, target }: Pick<Channel, "kind" | "target">): string =>
  kind === "email" ? target : new URL(target).host;
