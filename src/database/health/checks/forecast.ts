type Size = { at: Date; bytes: number };

const dayMs = 86_400_000;
const minDays = 3;
/** Weeks begin with busy days and end with quiet ones: only whole weeks are compared. */
const week = 7;
const maxWeeks = 8;

/**
 * When the disk is full, by the growth of the last whole weeks (up to 8), or of the last days before there is a week.
 * @param sizes  a size a day, the oldest first
 * @returns days from the last size on; infinite if it does not grow; null if there are too few sizes
 */
export function forecastDays(sizes: Size[], freeBytes: number): number | null {
  const last = sizes.at(-1);
  const first = sizes[0];
  if (!last || !first || daysBetween(first, last) < minDays) return null;
  const perDay = growthPerDay(sizes);
  return perDay <= 0 ? Number.POSITIVE_INFINITY : freeBytes / perDay;
}

function growthPerDay(sizes: Size[]): number {
  const last = sizes.at(-1)!;
  const recent = sizes.filter(size => daysBetween(size, last) <= maxWeeks * week + 0.5);
  const days = daysBetween(recent[0]!, last);
  const span = days >= week ? Math.floor(days / week) * week : days;
  const from = recent.reduce((best, size) =>
    Math.abs(daysBetween(size, last) - span) < Math.abs(daysBetween(best, last) - span) ? size : best,
  );
  return (last.bytes - from.bytes) / daysBetween(from, last);
}

const daysBetween = (from: Size, to: Size) => (to.at.getTime() - from.at.getTime()) / dayMs;
