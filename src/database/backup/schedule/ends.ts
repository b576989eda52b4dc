import { type DailyTime, nextDaily } from "./due.ts";
import { findExpired, type KeptBackup } from "./retention.ts";

/**
 * When the schedule deletes each backup: it asks the schedule itself, as if one were made and verified each day from now on.
 * If backups fail meanwhile, the old ones stay longer.
 * @returns the moments by the ids of the backups
 */
export function findEnds(backups: KeptBackup[], daily: DailyTime, now: Date): Map<string, Date> {
  const ends = new Map<string, Date>();
  const waiting = new Map(backups.map(({ id, keepUntil }) => [id, keepUntil]));
  // A backup that is set aside changes nothing for the others.
  let kept = backups.map(backup => ({ ...backup, keepUntil: null as Date | null }));
  for (let at = nextDaily(daily, now); waiting.size > 0; at = nextDaily(daily, at)) {
    kept.push({ id: at.toISOString(), startedAt: at, isVerified: true, keepUntil: null });
    const expired = new Set(findExpired(kept, daily.timeZone, at));
    kept = kept.filter(backup => !expired.has(backup));
    for (const { id } of expired) {
      const keepUntil = waiting.get(id);
      if (keepUntil === undefined) continue;
      ends.set(id, keepUntil && keepUntil > at ? nextDaily(daily, new Date(keepUntil.getTime() - 1)) : at);
      waiting.delete(id);
    }
  }
  return ends;
}
