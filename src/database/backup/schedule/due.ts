import { Cron } from "croner";

/** When the daily backup is made: a time of day in a time zone, as people there read it from the clock. */
export type DailyTime = {
  /** 02:00 */
  time: string;
  /** Europe/Berlin */
  timeZone: string;
};

/**
 * The first daily time after a moment. A time that the clock skips in spring comes when it has gone on, and one that it shows
 * twice in autumn comes once.
 */
export function nextDaily({ time, timeZone }: DailyTime, after: Date): Date {
  const [hour, minute] = time.split(":").map(Number);
  return new Cron(`0 ${minute} ${hour} * * *`, { timezone: timeZone, paused: true }).nextRun(after)!;
}

/**
 * True if a daily time has passed since the last run began, also while the server was down.
 * @param last  null: there was none, so it is due at once
 */
export const isDue = (daily: DailyTime, last: Date | null, now: Date): boolean =>
  last === null || nextDaily(daily, last) <= now;

/** Making one takes 100 times as long as using it. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** The date in the time zone, as in 2026-11-29. */
export function localDate(at: Date, timeZone: string): string {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" });
  formats.set(timeZone, format);
  return format.format(at);
}
