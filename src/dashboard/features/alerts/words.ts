import type { AlertLevel, ChannelKind } from "#protocol/alerts.ts";

export const levelNames: Record<AlertLevel, string> = { warn: "Warning", error: "Problem" };

export const kindNames: Record<ChannelKind, string> = {
  email: "E-mail",
  webhook: "Webhook",
  slack: "Slack or compatible",
};

export const targetLabels: Record<ChannelKind, { label: string; placeholder: string; description: string }> = {
  email: {
    label: "E-mail address",
    placeholder: "admin@example.com",
    description: "Each alert is one mail, and one when it is cleared.",
  },
  webhook: {
    label: "Address",
    placeholder: "https://example.com/alerts",
    description: "Gets JSON, signed as standardwebhooks.com describes. The secret is shown after you add it.",
  },
  slack: {
    label: "Address of the incoming webhook",
    placeholder: "https://hooks.slack.com/services/…",
    description: "Slack, Mattermost, Discord (with /slack at the end) and others that take the same.",
  },
};

export const minLevels: { value: AlertLevel; label: string }[] = [
  { value: "warn", label: "Warnings and problems" },
  { value: "error", label: "Problems only" },
];

const momentFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** "1 Dec 2026, 09:00" */
export const untilOf = (moment: string): string => momentFormat.format(Date.parse(moment));
