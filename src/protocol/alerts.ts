import { z } from "zod";
import { Moment, Uuid } from "./basics.ts";
import { healthUnits } from "./health.ts";

/** The levels of a check that open an alert. */
export const alertLevels = ["warn", "error"] as const;
export const AlertLevel = z.enum(alertLevels);
export type AlertLevel = z.infer<typeof AlertLevel>;

/** slack: also Mattermost, Discord (its address with /slack) and others that take the same. */
export const channelKinds = ["email", "webhook", "slack"] as const;
export type ChannelKind = (typeof channelKinds)[number];

/** fired: it is bad; worsened: a warning became an error; cleared: it is well again; test: somebody pressed the button. */
export const noticeKinds = ["fired", "worsened", "cleared", "test"] as const;

/** What is sent to a channel: the `data` of a webhook. Made of checks only; people's words are in none of them. */
export const AlertNotice = z.object({
  kind: z.enum(noticeKinds),
  alertId: Uuid.nullable().describe("the same for fired, worsened and cleared; null: a test"),
  at: Moment,
  check: z.string().describe("the id of the check"),
  title: z.string(),
  level: AlertLevel,
  why: z.string().describe("what was found, in one sentence"),
  fix: z.string().nullable().describe("what to do first"),
  facts: z.array(z.string()).describe("what the value is made of, or the lines to run"),
  value: z.number().nullable(),
  unit: z.enum(healthUnits),
  since: Moment.describe("when it became bad"),
  host: z.string().nullable().describe("the server that it is about; null: the installation"),
  url: z.string().describe("the page that shows it"),
  docs: z.string(),
});
export type AlertNotice = z.infer<typeof AlertNotice>;

/** The body of a webhook, as the Standard Webhooks specification shapes it. */
export type AlertWebhook = { type: `alert.${AlertNotice["kind"]}`; timestamp: string; data: AlertNotice };

export const Alert = z.object({
  id: Uuid,
  check: z.string(),
  title: z.string(),
  level: AlertLevel.describe("the worst that it had"),
  why: z.string(),
  fix: z.string().nullable(),
  host: z.string().nullable(),
  since: Moment.describe("when the check became bad"),
  openedAt: Moment,
  clearedAt: Moment.nullable(),
  acknowledged: z.object({ at: Moment, by: z.string() }).nullable(),
});
export type Alert = z.infer<typeof Alert>;

export const AlertSilence = z.object({
  id: Uuid,
  check: z.string(),
  until: Moment,
  reason: z.string(),
  createdAt: Moment,
  createdBy: z.string().describe("a person, or the system's user who ran the command line"),
});
export type AlertSilence = z.infer<typeof AlertSilence>;

export const AlertChannel = z.object({
  id: Uuid,
  kind: z.enum(channelKinds),
  target: z.string().describe("the e-mail address, or the host of the URL: its path may be a secret"),
  minLevel: AlertLevel.describe("error: no warnings"),
  createdAt: Moment,
  waiting: z.number().int().describe("notices that are tried again"),
  last: z
    .object({ at: Moment, deliveredAt: Moment.nullable(), problem: z.string().nullable() })
    .nullable()
    .describe("the newest notice; null: none yet"),
});
export type AlertChannel = z.infer<typeof AlertChannel>;

export const AlertOverview = z.object({
  open: z.array(Alert),
  silences: z.array(AlertSilence),
  channels: z.array(AlertChannel),
  checks: z.array(z.object({ id: z.string(), title: z.string() })).describe("those that can be silenced"),
  canMail: z.boolean().describe("SMTP_URL and MAIL_FROM are set"),
});
export type AlertOverview = z.infer<typeof AlertOverview>;

/** Newest first; `nextCursor` asks for those before. Of the last 90 days. */
export const AlertPage = z.object({ alerts: z.array(Alert), nextCursor: Uuid.nullable() });
export type AlertPage = z.infer<typeof AlertPage>;

export const NewChannel = z.object({
  kind: z.enum(channelKinds),
  target: z.string().trim().min(1, "is empty").max(2000),
  minLevel: AlertLevel.default("warn"),
});
export type NewChannel = z.infer<typeof NewChannel>;

/** `secret` is shown this once: the receiver checks signatures with it. null: the kind has none. */
export const CreatedChannel = z.object({ channel: AlertChannel, secret: z.string().nullable() });
export type CreatedChannel = z.infer<typeof CreatedChannel>;

export const ChannelTest = z.object({ problem: z.string().nullable().describe("null: it was taken") });
export type ChannelTest = z.infer<typeof ChannelTest>;

export const NewSilence = z.object({
  check: z.string().min(1).max(100),
  until: Moment,
  reason: z.string().trim().min(1, "is empty").max(500),
});
export type NewSilence = z.infer<typeof NewSilence>;
