import type { Db } from "#database/connect.ts";
import { createTtlCache } from "#platform/cache.ts";
import type { HealthPeriod, HealthQueries, HealthReport } from "#protocol/health.ts";
import { listSessions } from "./checks/sessions.ts";
import { listHistory } from "./store.ts";

/** A new row comes each minute. */
const historyMs = 20_000;
const sessionsMs = 2_000;

/** What people look at on the page of the database: asked once for all of them, however many look. */
export function createSharedHealth(db: Db) {
  const histories = createTtlCache(historyMs, (period: HealthPeriod) => listHistory(db, period));
  const sessions = createTtlCache(sessionsMs, (_: "now") => listSessions(db, new Date()));
  return {
    /** what the checks found last; null until the first run */
    last: null as HealthReport | null,
    /** how long queries took; null until the first run */
    queries: null as HealthQueries | null,
    history: (period: HealthPeriod) => histories.get(period),
    sessions: () => sessions.get("now"),
  };
}

export type SharedHealth = ReturnType<typeof createSharedHealth>;
