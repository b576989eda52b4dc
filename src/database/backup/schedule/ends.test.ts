import { expect, test } from "vitest";
import { maxBackupDays } from "#protocol/backup-schedule.ts";
import { nextDaily } from "./due.ts";
import { findEnds } from "./ends.ts";
import { findExpired, type KeptBackup } from "./retention.ts";

const daily = { time: "02:00", timeZone: "Europe/Berlin" };
const dayMs = 86_400_000;

/** The next night: a backup is made, and what is kept no longer goes. */
function afterNight(kept: KeptBackup[], now: Date): { kept: KeptBackup[]; gone: KeptBackup[]; at: Date } {
  const at = nextDaily(daily, now);
  const all = [...kept, { id: at.toISOString(), startedAt: at, isVerified: true, keepUntil: null }];
  const gone = findExpired(all, daily.timeZone, at);
  return { kept: all.filter(backup => !gone.includes(backup)), gone, at };
}

function nights(count: number, from: string): KeptBackup[] {
  let night = { kept: [] as KeptBackup[], at: new Date(from) };
  for (let i = 0; i < count; i++) night = afterNight(night.kept, night.at);
  return night.kept;
}

test("a backup goes on the day on which the schedule really deletes it, and no later than is said", () => {
  const before = nights(40, "2026-10-20T12:00:00Z");
  const now = before.at(-1)!.startedAt;
  const ends = findEnds(before, daily, now);
  expect(ends.size).toBe(before.length);
  const went = new Map<string, Date>();
  for (let night = { kept: before, gone: [] as KeptBackup[], at: now }; went.size < before.length; ) {
    night = afterNight(night.kept, night.at);
    for (const { id } of night.gone) if (ends.has(id)) went.set(id, night.at);
  }
  expect(ends).toEqual(went);
});

test.each(["2026-11-22", "2026-11-23", "2026-11-24", "2026-11-25"])(
  "a backup of %s stays for the days that the public page says, and no longer",
  day => {
    const [only] = nights(1, `${day}T00:30:00Z`);
    const end = findEnds([only!], daily, only!.startedAt).get(only!.id);
    expect((Number(end) - Number(only!.startedAt)) / dayMs).toBeLessThanOrEqual(maxBackupDays);
  },
);

test("one that is set aside goes with the next run after its time", () => {
  const [first, ...others] = nights(3, "2026-11-25T12:00:00Z");
  const aside = { ...first!, keepUntil: new Date("2027-06-01T00:00:00Z") };
  const ends = findEnds([aside, ...others], daily, others.at(-1)!.startedAt);
  expect(ends.get(aside.id)).toEqual(new Date("2027-06-01T00:00:00Z"));
  expect(Math.max(...others.map(({ id }) => Number(ends.get(id))))).toBeLessThan(Date.parse("2027-01-01"));
});
