/** Moments in words: dates as the reader writes them, in their time zone; "5 minutes ago" in English, as the sentence around it. */

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

const exactFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });
const clockFormat = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const dayFormat = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const dayOfYearFormat = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long", year: "numeric" });
const shortDayFormat = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const shortDateFormat = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });
const relativeFormat = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

export const exactTime = (moment: string): string => exactFormat.format(new Date(moment));
export const clockTime = (moment: string): string => clockFormat.format(new Date(moment));

const momentFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/** To the second: "29 Nov 2026, 02:00:14" */
export const momentOf = (timeMs: number): string => momentFormat.format(timeMs);

/** "3 March 2027" */
export const dateOf = (timeMs: number): string => dayOfYearFormat.format(timeMs);

/** The start of the reader's day that a moment falls in. */
const dayOf = (moment: string | number): number => new Date(moment).setHours(0, 0, 0, 0);

/** "Today", "Yesterday", "Monday, 3 March", "3 March 2024" */
export function dayName(moment: string, now = Date.now()): string {
  const daysAgo = Math.round((dayOf(now) - dayOf(moment)) / dayMs);
  if (daysAgo <= 1) return sentence(relativeFormat.format(-Math.max(0, daysAgo), "day"));
  const sameYear = new Date(moment).getFullYear() === new Date(now).getFullYear();
  return (sameYear ? dayFormat : dayOfYearFormat).format(new Date(moment));
}

/** Short enough for a list: "now", "5 min", "14:02", "3 Mar", "3 Mar 2024" */
export function shortTime(moment: string, now = Date.now()): string {
  const agoMs = now - Date.parse(moment);
  if (agoMs < minuteMs) return "now";
  if (agoMs < 60 * minuteMs) return duration(agoMs);
  if (dayOf(moment) === dayOf(now)) return clockTime(moment);
  const sameYear = new Date(moment).getFullYear() === new Date(now).getFullYear();
  return (sameYear ? shortDayFormat : shortDateFormat).format(new Date(moment));
}

/** A full phrase: "5 minutes ago", "yesterday", "3 weeks ago" */
export function relativeTime(moment: string, now = Date.now()): string {
  const agoMs = Math.max(0, now - Date.parse(moment));
  if (agoMs < minuteMs) return "just now";
  const steps = [
    ["minute", minuteMs, 60],
    ["hour", 60 * minuteMs, 24],
    ["day", dayMs, 30],
    ["month", 30 * dayMs, 12],
    ["year", 365 * dayMs, Number.POSITIVE_INFINITY],
  ] as const;
  const [unit, unitMs] = steps.find(([, ms, count]) => agoMs < ms * count) ?? steps[4];
  return relativeFormat.format(-Math.floor(agoMs / unitMs), unit);
}

/** "12 min", "3 hr", "2 days" */
export function duration(ms: number): string {
  const [unit, unitMs] =
    ms < 60 * minuteMs
      ? (["minute", minuteMs] as const)
      : ms < dayMs
        ? (["hour", 60 * minuteMs] as const)
        : (["day", dayMs] as const);
  const format = new Intl.NumberFormat(undefined, { style: "unit", unit, unitDisplay: "short" });
  return format.format(Math.floor(ms / unitMs));
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
