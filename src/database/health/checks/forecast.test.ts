import fc from "fast-check";
import { expect, test } from "vitest";
import { forecastDays } from "./forecast.ts";

const gigabyte = 1024 ** 3;
const start = Date.UTC(2026, 0, 1);

type Growth = (day: number) => number;

/** A size a day, as `sizeOn` gives it. */
const history = (days: number, sizeOn: Growth) =>
  Array.from({ length: days }, (_, day) => ({ at: new Date(start + day * 86_400_000), bytes: sizeOn(day) }));

/** The day on which growth reaches the free space, counted from the last day of the history. */
function trueDays(days: number, sizeOn: Growth, freeBytes: number): number {
  const limit = sizeOn(days - 1) + freeBytes;
  let day = days - 1;
  while (sizeOn(day) < limit) day++;
  return day - (days - 1);
}

/** Grows by `of(weekday)` each day. */
const byWeekday =
  (of: number[], base = 10 * gigabyte): Growth =>
  day =>
    base + Math.floor(day / 7) * of.reduce((sum, each) => sum + each, 0) + sum(of.slice(0, day % 7));
const sum = (values: number[]) => values.reduce((total, each) => total + each, 0);

const perDay = fc.double({ min: 0.001, max: 10, noNaN: true }).map(each => each * gigabyte);
/** At least one busy day; nothing on some days, as on Saturdays and Sundays. */
const weekly = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 7, maxLength: 7 })
  .filter(of => sum(of) > 0.5)
  .map(of => byWeekday(of.map(each => each * gigabyte)));
/** An import each few days, up to each third week. */
const stepped = fc
  .record({ everyDays: fc.integer({ min: 2, max: 21 }), step: perDay, offset: fc.integer({ min: 0, max: 20 }) })
  .map(({ everyDays, step, offset }) => ({
    everyDays,
    sizeOn: ((day: number) => 10 * gigabyte + Math.floor((day + offset) / everyDays) * step) as Growth,
  }));
const free = fc.integer({ min: 60, max: 400 });

function expectNear(days: number, sizeOn: Growth, freeDays: number): void {
  const length = 300;
  const freeBytes = ((sizeOn(length) - sizeOn(0)) / length) * freeDays;
  const real = trueDays(days, sizeOn, freeBytes);
  const forecast = forecastDays(history(days, sizeOn), freeBytes)!;
  expect(Math.abs(forecast - real) / real, `${forecast} days, really ${real}`).toBeLessThanOrEqual(0.2);
}

test("linear growth is forecast within 20%, from the fourth day on", () => {
  const days = fc.integer({ min: 4, max: 400 });
  fc.assert(
    fc.property(perDay, days, free, (bytes, known, freeDays) =>
      expectNear(known, day => 10 * gigabyte + day * bytes, freeDays),
    ),
  );
});

test("growth by weekdays is forecast within 20% after three weeks, whatever the day", () => {
  const days = fc.integer({ min: 22, max: 400 });
  fc.assert(fc.property(weekly, days, free, (sizeOn, known, freeDays) => expectNear(known, sizeOn, freeDays)));
});

test("growth in steps is forecast within 20% after three of them", () => {
  // With space for ten steps or more: before that, the day of the last one decides.
  const more = fc.integer({ min: 1, max: 300 });
  fc.assert(
    fc.property(stepped, more, fc.integer({ min: 10, max: 40 }), ({ everyDays, sizeOn }, known, steps) =>
      expectNear(3 * everyDays + 7 + known, sizeOn, steps * everyDays),
    ),
  );
});

test("a database that shrinks or stays never fills the disk", () => {
  const shrinking = fc.record({
    perDay: fc.double({ min: 0, max: 1, noNaN: true }),
    noise: fc.double({ min: 0, max: 0.4, noNaN: true }),
  });
  fc.assert(
    fc.property(shrinking, fc.integer({ min: 4, max: 400 }), ({ perDay, noise }, days) => {
      // Vacuum and new rows let it go up and down from day to day.
      const sizeOn: Growth = day => gigabyte * (1000 - day * perDay) + (day % 2) * noise * perDay * gigabyte;
      expect(forecastDays(history(days, sizeOn), gigabyte)).toBe(Number.POSITIVE_INFINITY);
    }),
  );
});

test("two days say nothing", () => {
  expect(
    forecastDays(
      history(3, day => day * gigabyte),
      gigabyte,
    ),
  ).toBeNull();
  expect(forecastDays([], gigabyte)).toBeNull();
});
