import { expect, test } from "vitest";
import type { BackupEntry } from "#protocol/backups.ts";
import { rangesOf } from "./ranges.ts";

const backup = (finishedAt: string, restorableUntil: string | null) => ({ finishedAt, restorableUntil }) as BackupEntry;
const range = (from: string, until: string) => ({ from: Date.parse(from), until: Date.parse(until) });

test("backups whose WAL reaches the next one make one range, and a gap ends it", () => {
  const [a, b, c, d] = ["2026-11-01T02:00Z", "2026-11-02T02:00Z", "2026-11-04T02:00Z", "2026-11-05T02:00Z"] as const;
  const backups = [
    backup(d, null),
    backup(c, "2026-11-04T09:00Z"),
    backup(b, "2026-11-03T05:00Z"),
    backup(a, "2026-11-03T05:00Z"),
  ];
  expect(rangesOf(backups)).toEqual([range(a, "2026-11-03T05:00Z"), range(c, "2026-11-04T09:00Z"), range(d, d)]);
  expect(rangesOf([])).toEqual([]);
});
