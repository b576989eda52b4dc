import { dailyKept, weeklyKept } from "#protocol/backup-schedule.ts";
import { localDate } from "./due.ts";

export type KeptBackup = { id: string; startedAt: Date; isVerified: boolean; keepUntil: Date | null };

/**
 * The backups that may go: none of the newest of the last 7 days that have one, of the last 4 weeks, or with a later
 * `keepUntil`. Without a newer one that was verified, none goes: the old ones may be all that can be restored.
 * @param backups  in any order
 */
export function findExpired<Backup extends KeptBackup>(backups: Backup[], timeZone: string, now: Date): Backup[] {
  const newestFirst = backups.toSorted((a, b) => b.startedAt.getTime() - a.startedAt.getTime());
  const kept = new Set([
    ...newestOfEach(newestFirst, ({ startedAt }) => localDate(startedAt, timeZone), dailyKept),
    ...newestOfEach(newestFirst, ({ startedAt }) => weekOf(localDate(startedAt, timeZone)), weeklyKept),
  ]);
  const newestVerified = newestFirst.findIndex(({ isVerified }) => isVerified);
  return newestFirst.filter(
    (backup, index) =>
      newestVerified !== -1 &&
      index > newestVerified &&
      !kept.has(backup) &&
      !(backup.keepUntil && backup.keepUntil > now),
  );
}

function newestOfEach<Backup>(
  newestFirst: Backup[],
  periodOf: (backup: Backup) => string | number,
  max: number,
): Backup[] {
  const newest = new Map<string | number, Backup>();
  for (const backup of newestFirst) if (!newest.has(periodOf(backup))) newest.set(periodOf(backup), backup);
  return [...newest.values()].slice(0, max);
}

/** The number of a week that begins on Monday. */
function weekOf(date: string): number {
  const days = Date.parse(date) / 86_400_000;
  return Math.floor((days + 3) / 7); // 1970-01-01 was a Thursday
}
