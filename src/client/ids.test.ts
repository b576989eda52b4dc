import { expect, test } from "vitest";
import { newId } from "./ids.ts";

test("ids are UUIDs of version 7, begin with their time, and are not made twice", () => {
  const atMs = Date.parse("2026-11-29T10:00:00.123Z");
  const ids = Array.from({ length: 10_000 }, () => newId(atMs));
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  for (const id of ids) expect(Number.parseInt(id.replace("-", "").slice(0, 12), 16)).toBe(atMs);
  expect(new Set(ids).size).toBe(ids.length);
  // Every random digit takes each of its values.
  for (const at of [15, 16, 17, 20, 21, 22, ...Array.from({ length: 12 }, (_, digit) => 24 + digit)]) {
    expect(new Set(ids.map(id => id[at])).size).toBe(16);
  }
  expect(new Set(ids.map(id => id[19])).size).toBe(4);
  expect([newId(atMs + 1) > ids[0]!, newId(0).startsWith("00000000-0000-7")]).toEqual([true, true]);
});
