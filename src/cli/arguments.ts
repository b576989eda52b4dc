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
