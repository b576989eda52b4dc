import type { AlertLevel, AlertNotice } from "#protocol/alerts.ts";
import type { HealthCheck } from "#protocol/health.ts";

type Given = {
  alertId: string;
  level: AlertLevel;
  found: HealthCheck;
  host: string | null;
  since: Date;
  at: Date;
  url: string;
};

/** What a channel gets of an alert. */
export const noticeOf = (kind: AlertNotice["kind"], { found, since, at, ...rest }: Given): AlertNotice => ({
  kind,
  ...rest,
  at: at.toISOString(),
  since: since.toISOString(),
  check: found.id,
  title: found.title,
  why: found.why,
  fix: found.fix,
  facts: found.facts.slice(0, maxFacts),
  value: found.value,
  unit: found.unit,
  docs: found.docs,
});

/** A notice is to be read on a phone. The page has all of them. */
const maxFacts = 10;

export const testNotice = (at: Date, url: string): AlertNotice => ({
  kind: "test",
  alertId: null,
  at: at.toISOString(),
  check: "test",
  title: "Test",
  level: "warn",
  why: "This is a test. Alerts of your server arrive here.",
  fix: null,
  facts: [],
  value: null,
  unit: "count",
  since: at.toISOString(),
  host: null,
  url,
  docs: "docs/health.md#alerts",
});
