import { InvalidArgumentError } from "commander";

export function websiteId(text: string): number {
  const id = Number(text);
  if (Number.isInteger(id) && id > 0 && id < 2 ** 31) return id;
  throw new InvalidArgumentError("Give the website's number, such as 1.");
}

export function moment(text: string): Date {
  const date = new Date(text);
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(date.getTime())) return date;
  throw new InvalidArgumentError("Give a date such as 2026-10-01, or a time such as 2026-10-01T08:00:00Z.");
}

/** A time with its zone: a restore to an hour too late brings back what was to be undone. */
export function exactMoment(text: string): Date {
  const [, day, time, sign, hours, minutes = "00"] =
    /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(?:Z|([+-])(\d\d):?(\d\d)?)$/i.exec(text.trim()) ?? [];
  const date = new Date(`${day}T${time}${sign ? `${sign}${hours}:${minutes}` : "Z"}`);
  if (!Number.isNaN(date.getTime())) return date;
  throw new InvalidArgumentError("Give a time with its zone, such as 2026-11-27T05:42:10Z or 2026-11-27 12:42+07:00.");
}

export function uuid(text: string): string {
  if (/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError("Give an id such as 019ad0d4-2f30-7000-8000-000000000000, as in the dashboard.");
}

/** Of rows. */
export function count(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Give a number such as 12, as --dry-run prints it.");
}

export function month(text: string): string {
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) return text;
  throw new InvalidArgumentError("Give a month such as 2026-10.");
}
