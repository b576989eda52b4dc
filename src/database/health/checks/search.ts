import { getSearchState } from "#database/search/index-queries.ts";
import { byThreshold, type Check, inTime, ok, plural } from "./check.ts";

export const searchChecks: Check[] = [
  {
    ...{ id: "search-behind", title: "Search index", about: "database", unit: "seconds", healthy: "below 1 minute" },
    metric: "prochat_search_behind_seconds",
    async look({ db }) {
      const { oldestSeconds, months, month, messages } = await getSearchState(db);
      const value = Math.max(0, oldestSeconds ?? 0);
      const level = byThreshold(value, { warn: 60, error: 3600 });
      const older =
        months === 0
          ? null
          : `Older messages are being indexed: ${plural(months, "month")} to go, ${plural(messages, "message")} of ${month} done.`;
      if (level === "ok") {
        return ok(older ?? "New messages are found within seconds.", { value, facts: older ? [older] : [] });
      }
      return {
        level,
        value,
        why: `A message has waited ${inTime(value)} to be found by the search.`,
        fix: "The index waits while the server is busy. If the time still grows later, look into the server's log.",
        facts: older ? [older] : [],
      };
    },
  },
];
