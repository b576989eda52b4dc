/**
 * The moment at which a day begins in a time zone.
 * @param day  2026-11-30, or 2026-11 for its first day
 * @returns null if it is no day
 */
export function startOfDay(day: string, timeZone: string): Date | null {
  const [, year, month, date = "01"] = /^(\d{4})-(\d\d)(?:-(\d\d))?$/.exec(day) ?? [];
  const utc = new Date(`${year}-${month}-${date}T00:00:00Z`);
  if (Number.isNaN(utc.getTime()) || utc.toISOString().slice(0, 10) !== `${year}-${month}-${date}`) return null;
  // The offset at midnight may differ from the one some hours away: the second step has it.
  const first = utc.getTime() - offsetMs(utc, timeZone);
  return new Date(utc.getTime() - offsetMs(new Date(first), timeZone));
}

function offsetMs(at: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en", {
    ...{ timeZone, hourCycle: "h23", era: "short" },
    ...{ year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" },
  }).formatToParts(at);
  const part = (type: string) => Number(parts.find(each => each.type === type)!.value);
  return (
    Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second")) - at.getTime()
  );
}
