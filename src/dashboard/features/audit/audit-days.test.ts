import { expect, test } from "vitest";
import type { AuditEntry } from "#protocol/audit.ts";
import { byDay } from "./audit-days.ts";

const entry = (id: string, at: string) => ({ id, at: `2026-01-${at}:00.000` }) as AuditEntry;

test("entries stand by day, and a day keeps its key when newer and older entries come", () => {
  const [newest, newer, older, oldest] = [
    entry("d", "03T12:00"),
    entry("c", "03T11:00"),
    entry("b", "02T12:00"),
    entry("a", "02T11:00"),
  ];
  const before = byDay([newer!, older!]);
  const after = byDay([newest!, newer!, older!, oldest!]);
  expect(after.map(day => day.entries.map(({ id }) => id))).toEqual([
    ["d", "c"],
    ["b", "a"],
  ]);
  expect(after.map(day => day.key)).toEqual(before.map(day => day.key));
});
