export type Size = { at: Date; bytes: number };

const dayMs = 86_400_000;
const minDays = 3;
/** Weeks begin with busy days and end with quiet ones: only whole weeks are compared. */
const week = 7;
/** Long enough for several steps, such as an import each third week; short enough to notice that a website grows faster now. */
const maxWeeks = 13;

/**
 * When the disk is full, by the growth of the last whole weeks (up to 13), or of the last days before there is a week.
 * @param sizes  a size a day, the oldest first
 * @returns days from the last size on; infinite if it does not grow; null if there are too few sizes
 */
export function forecastDays(sizes: Size[], freeBytes: number): number | null {
  const perDay = growthPerDay(sizes);
  if (perDay === null) return null;
  return perDay < 1 ? Number.POSITIVE_INFINITY : freeBytes / perDay;
}

/** Bytes a day: the slope of the line that fits best. The difference of two days would depend on where a step lies. */
export function growthPerDay(sizes: Size[]): number | null {
  const last = sizes.at(-1);
  const first = sizes[0];
  if (!last || !first) return null;
  const known = daysBetween(first, last);
  if (known < minDays) return null;
  const span = known >= week ? Math.min(maxWeeks, Math.floor(known / week)) * week : known;
  return slopeOf(
    sizes.filter(size => daysBetween(size, last) <= span + 0.5).map(size => [-daysBetween(size, last), size.bytes]),
  );
}

/** Least squares. */
function slopeOf(points: [number, number][]): number {
  const mean = (of: (point: [number, number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean(([day]) => day), mean(([, bytes]) => bytes)];
  return mean(([day, bytes]) => (day - x) * (bytes - y)) / mean(([day]) => (day - x) ** 2);
}

const daysBetween = (from: Size, to: Size) => (to.at.getTime() - from.at.getTime()) / dayMs;
