import { expect, test } from "vitest";
import { dayName } from "./times.ts";

const local = (text: string) => new Date(text).toISOString();

test("the last two days have names, the others dates", () => {
  const now = Date.parse("2026-03-30T00:30:00");
  expect(dayName(local("2026-03-30T00:10:00"), now)).toBe("today");
  expect(dayName(local("2026-03-29T23:50:00"), now)).toBe("yesterday");
  // In Europe the clock was put forward in between: that day had 23 hours.
  expect(dayName(local("2026-03-28T12:00:00"), now)).toMatch(/28/);
  expect(dayName(local("2026-03-31T12:00:00"), now)).toMatch(/31/);
});
