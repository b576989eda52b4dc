/** Times as the reader's own browser writes them, in their time zone. */
export const clock = (at: string): string => new Date(at).toLocaleTimeString([], { timeStyle: "short" });
export const exact = (at: string): string =>
  new Date(at).toLocaleString([], { dateStyle: "full", timeStyle: "medium" });

/** "today", "yesterday", else the date. */
export function dayName(at: string, now = Date.now()): string {
  const daysAgo = Math.round((midnight(now) - midnight(at)) / 86_400_000);
  return daysAgo === 0 || daysAgo === 1
    ? new Intl.RelativeTimeFormat([], { numeric: "auto" }).format(-daysAgo, "day")
    : new Date(at).toLocaleDateString([], { dateStyle: "full" });
}

const midnight = (at: string | number) => new Date(at).setHours(0, 0, 0, 0);
