import { expect, test } from "vitest";
import { isDue, localDate, nextDaily } from "./due.ts";

const berlin = { time: "02:00", timeZone: "Europe/Berlin" };

test.each([
  ["a usual night", "2026-11-29T12:00:00Z", "2026-11-30T01:00:00.000Z"],
  ["the night in spring whose 02:00 does not exist", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00.000Z"],
  ["the night in autumn that has 02:00 twice: the first", "2026-10-24T12:00:00Z", "2026-10-25T00:00:00.000Z"],
  ["after the first of the two, the next night", "2026-10-25T00:00:04Z", "2026-10-26T01:00:00.000Z"],
])("the next 02:00 in Berlin: %s", (_, after, expected) => {
  expect(nextDaily(berlin, new Date(after)).toISOString()).toBe(expected);
});

test("each night of a year has one backup, in every time zone", () => {
  for (const timeZone of [
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Asia/Seoul",
  ]) {
    let at = new Date("2026-01-01T12:00:00Z");
    const dates = Array.from({ length: 365 }, () => {
      at = nextDaily({ time: "02:00", timeZone }, at);
      return localDate(at, timeZone);
    });
    expect(new Set(dates).size).toBe(365);
  }
});

test("it is due when a daily time has passed since the last run, also after days without a server", () => {
  const due = (last: string | null, now: string) => isDue(berlin, last ? new Date(last) : null, new Date(now));
  expect(due(null, "2026-11-29T12:00:00Z")).toBe(true);
  expect(due("2026-11-29T01:00:03Z", "2026-11-29T12:00:00Z")).toBe(false);
  expect(due("2026-11-29T01:00:03Z", "2026-11-30T01:00:00Z")).toBe(true);
  expect(due("2026-11-20T01:00:03Z", "2026-11-29T12:00:00Z")).toBe(true);
  expect(due("2026-10-25T00:00:03Z", "2026-10-25T01:30:00Z")).toBe(false);
});
