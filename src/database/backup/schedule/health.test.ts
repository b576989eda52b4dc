import { expect, test } from "vitest";
import type { BackupEntry, BackupOverview } from "#protocol/backups.ts";
import { judgeBackups } from "./health.ts";

const now = new Date("2026-11-29T12:00:00Z");
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000).toISOString();
const verified = (hours: number) => ({ outcome: "verified" as const, reason: null, at: ago(hours), seconds: 4 });

const backup: BackupEntry = {
  kind: "physical",
  id: "b",
  startedAt: ago(10),
  finishedAt: ago(10),
  sizeBytes: 1,
  isEncrypted: false,
  keepUntil: null,
  restorableUntil: ago(0),
  missing: null,
  readBack: verified(10),
  walProblem: null,
  drill: verified(10),
};
const wal = { beatAt: ago(0.001), recoveryPointAt: ago(0.003), problem: null, keptBytes: 16e6, maxKeptBytes: 1e9 };
const well: BackupOverview = {
  isOn: true,
  archivesWal: true,
  place: "the store",
  isOffSite: true,
  storeProblem: null,
  backups: [backup],
  damaged: [],
  runs: [],
  wal,
  nextAt: ago(-14),
};

test("backups that are well have no problem, and say so with figures", () => {
  expect(judgeBackups(well, now)).toEqual({
    problems: [],
    summary:
      "last backup 10 h ago, last verified restore 10 h ago, copied until 11 s ago, 16 MB of WAL wait, in the store",
  });
});

test.each<[string, Partial<BackupOverview>]>([
  ["there is no complete backup", { backups: [] }],
  ["the store is away", { storeProblem: "the store is away", backups: [] }],
  ["the newest backup is 30 h old", { backups: [{ ...backup, finishedAt: ago(30) }] }],
  ["no backup was restored in a drill yet", { backups: [{ ...backup, drill: null }] }],
  ["the last drill that succeeded was 9 days ago", { backups: [{ ...backup, drill: verified(9 * 24) }] }],
  [
    "the last drill failed: an index is damaged",
    { backups: [{ ...backup, drill: { ...verified(1), outcome: "failed", reason: "an index is damaged" } }] },
  ],
  [
    "the last drill came to no result: the disk is full",
    { backups: [{ ...backup, drill: { ...verified(1), outcome: "inconclusive", reason: "the disk is full" } }] },
  ],
  [
    "the WAL since the backup b is damaged: 00000001",
    { backups: [{ ...backup, walProblem: "00000001: it is missing" }] },
  ],
  ["the WAL segment 00000001 is missing", { backups: [{ ...backup, missing: "00000001" }] }],
  ["the WAL was never archived", { wal: null }],
  ["the WAL is not archived: no rights", { wal: { ...wal, problem: "no rights" } }],
  ["the copy is 5 min behind", { wal: { ...wal, recoveryPointAt: ago(1 / 12) } }],
  ["PostgreSQL keeps 600 MB of WAL and gives up at 1000 MB", { wal: { ...wal, keptBytes: 600e6 } }],
])("%s", (problem, change) => {
  const { problems } = judgeBackups({ ...well, ...change }, now);
  expect(problems).toContainEqual(expect.stringMatching(new RegExp(`^${problem}`)));
});

test("while no server runs the WAL has no problem, and without backups it is said what that means", () => {
  const stopped = { ...well, wal: { ...wal, beatAt: ago(3), recoveryPointAt: ago(3) } };
  expect(judgeBackups(stopped, now).problems).toEqual([]);
  const off = judgeBackups({ ...well, isOn: false, backups: [], wal: null }, now);
  expect(off).toEqual({ problems: [], summary: expect.stringMatching(/^none are made/) });
});
