import type { BackupEntry } from "#protocol/backups.ts";

/** From one moment to another each second can be restored; of a backup without WAL only its end. In milliseconds. */
export type Range = { from: number; until: number };

/** What the backups and the WAL after them cover, the oldest first. */
export function rangesOf(backups: BackupEntry[]): Range[] {
  const ranges = backups
    .map(({ finishedAt, restorableUntil }) => ({
      from: Date.parse(finishedAt),
      until: Date.parse(restorableUntil ?? finishedAt),
    }))
    .sort((a, b) => a.from - b.from);
  const merged: Range[] = [];
  for (const range of ranges) {
    const last = merged.at(-1);
    if (last && range.from <= last.until) last.until = Math.max(last.until, range.until);
    else merged.push({ ...range });
  }
  return merged;
}
