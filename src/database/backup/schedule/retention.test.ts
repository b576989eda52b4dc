import { expect, test } from "vitest";
import { findExpired, type KeptBackup } from "./retention.ts";

const timeZone = "Europe/Berlin";
const now = new Date("2026-11-29T12:00:00Z");

/** One each night at 02:00 of Berlin, the newest first. */
const nights = (count: number): KeptBackup[] =>
  Array.from({ length: count }, (_, age) => {
    const startedAt = new Date(Date.parse("2026-11-29T01:00:00Z") - age * 86_400_000);
    return { id: startedAt.toISOString().slice(0, 10), startedAt, isVerified: true, keepUntil: null };
  });

const keptOf = (backups: KeptBackup[]) => {
  const expired = new Set(findExpired(backups, timeZone, now));
  return backups.filter(backup => !expired.has(backup)).map(({ id }) => id);
};

test("7 daily and 4 weekly are kept", () => {
  const daily = ["29", "28", "27", "26", "25", "24", "23"].map(day => `2026-11-${day}`);
  // The newest of each week that begins on Monday; the one of this week is a daily one too.
  expect(keptOf(nights(60))).toEqual([...daily, "2026-11-22", "2026-11-15", "2026-11-08"]);
});

test("of several of one day the newest is kept", () => {
  const [last, before] = nights(2) as [KeptBackup, KeptBackup];
  const byHand = { ...last, id: "by hand", startedAt: new Date("2026-11-29T10:00:00Z") };
  expect(keptOf([before, byHand, last])).toEqual([before.id, "by hand"]);
});

test("nothing goes before a newer one was verified", () => {
  const unverified = nights(60).map(backup => ({ ...backup, isVerified: false }));
  expect(findExpired(unverified, timeZone, now)).toEqual([]);
  const oneVerified = unverified.map((backup, age) => ({ ...backup, isVerified: age === 30 }));
  expect(findExpired(oneVerified, timeZone, now)).toHaveLength(29);
  expect(keptOf(oneVerified)).toContain(oneVerified[30]!.id);
});

test("keepUntil is respected, and only until then", () => {
  const backups = nights(60).map((backup, age) => ({
    ...backup,
    keepUntil: age === 40 ? new Date("2027-01-01") : age === 41 ? new Date("2026-11-01") : null,
  }));
  expect(keptOf(backups)).toContain(backups[40]!.id);
  expect(keptOf(backups)).not.toContain(backups[41]!.id);
});

test("after weeks without a backup the last ones stay", () => {
  expect(
    keptOf(nights(10).map(b => ({ ...b, startedAt: new Date(b.startedAt.getTime() - 90 * 86_400_000) }))),
  ).toHaveLength(8);
});
