import { expect, test } from "vitest";
import { startOfDay } from "./days.ts";

test.each([
  ["2026-11-30", "UTC", "2026-11-30T00:00:00.000Z"],
  ["2026-11", "UTC", "2026-11-01T00:00:00.000Z"],
  ["2026-11-30", "Asia/Jakarta", "2026-11-29T17:00:00.000Z"],
  ["2026-11-30", "Asia/Kathmandu", "2026-11-29T18:15:00.000Z"],
  ["2026-03-29", "Europe/Berlin", "2026-03-28T23:00:00.000Z"],
  ["2026-03-30", "Europe/Berlin", "2026-03-29T22:00:00.000Z"],
  ["2026-02-30", "UTC", undefined],
  ["2026-13", "UTC", undefined],
  ["yesterday", "UTC", undefined],
])("%s begins in %s at %s", (day, zone, begins) => {
  expect(startOfDay(day, zone)?.toISOString()).toBe(begins);
});
