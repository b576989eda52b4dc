// Made once: making a format takes longer than using it a thousand times.
const timeFormat = new Intl.DateTimeFormat([], { timeStyle: "short" });
const dayFormat = new Intl.DateTimeFormat([], { dateStyle: "full" });
const relativeFormat = new Intl.RelativeTimeFormat([], { numeric: "auto" });

/** Times in the language and time zone of the reader's browser. */
export const clock = (at: string): string => timeFormat.format(Date.parse(at));
export const exact = (at: string): string => new Date(at).toLocaleString();

/** "today", "yesterday", else the date. */
export function dayName(at: string, now = Date.now()): string {
  const daysAgo = Math.round((midnight(now) - midnight(at)) / 86_400_000);
  return daysAgo === 0 || daysAgo === 1 ? relativeFormat.format(-daysAgo, "day") : dayFormat.format(Date.parse(at));
}

const midnight = (at: string | number) => new Date(at).setHours(0, 0, 0, 0);
