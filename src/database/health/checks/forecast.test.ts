import { expect, test } from "vitest";
import { forecastDays } from "./forecast.ts";

const gigabyte = 1024 ** 3;
const start = Date.UTC(2026, 0, 1);

/** A size a day, as `sizeOn` gives it. */
const history = (days: number, sizeOn: (day: number) => number) =>
  Array.from({ length: days }, (_, day) => ({ at: new Date(start + day * 86_400_000), bytes: sizeOn(day) }));

/** The day on which growth reaches the free space, counted from the last day of the history. */
function trueDays(days: number, sizeOn: (day: number) => number, freeBytes: number): number {
  const limit = sizeOn(days - 1) + freeBytes;
  let day = days - 1;
  while (sizeOn(day) < limit) day++;
  return day - (days - 1);
}

const linear = (day: number) => 10 * gigabyte + day * gigabyte;
/** Nothing on Saturdays and Sundays. */
const weekly = (day: number) =>
  10 * gigabyte +
  gigabyte * Array.from({ length: day }, (_, i) => (i % 7 < 5 ? 1 : 0)).reduce((a: number, b) => a + b, 0);
/** An import each Monday. */
const stepped = (day: number) => 10 * gigabyte + Math.floor(day / 7) * 7 * gigabyte;

test.each([
  ["linear", linear],
  ["weekly", weekly],
  ["stepped", stepped],
])("a %s growth is forecast within 20%%, whatever the day", (_name, sizeOn) => {
  for (const days of [15, 20, 30, 45, 60, 200]) {
    const free = 100 * gigabyte;
    const forecast = forecastDays(history(days, sizeOn), free)!;
    const real = trueDays(days, sizeOn, free);
    expect(Math.abs(forecast - real) / real, `${days} days`).toBeLessThanOrEqual(0.2);
  }
});

test("a database that shrinks never fills the disk, and two days say nothing", () => {
  expect(
    forecastDays(
      history(30, day => linear(60 - day)),
      gigabyte,
    ),
  ).toBe(Number.POSITIVE_INFINITY);
  expect(forecastDays(history(3, linear), gigabyte)).toBeNull();
  expect(forecastDays([], gigabyte)).toBeNull();
});
