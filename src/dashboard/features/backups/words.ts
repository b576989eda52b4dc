const sizeFormat = (unit: string, digits: number) =>
  new Intl.NumberFormat(undefined, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: digits });

const units = [
  ["gigabyte", 1e9, 1],
  ["megabyte", 1e6, 0],
  ["kilobyte", 1e3, 0],
] as const;

/** "1.4 GB" */
export function sizeOf(bytes: number): string {
  const [unit, size, digits] = units.find(([, least]) => bytes >= least) ?? units[2];
  return sizeFormat(unit, digits).format(bytes / size);
}

/** "4 s", "12 min" */
export function timeTaken(seconds: number): string {
  const isLong = seconds >= 120;
  const format = new Intl.NumberFormat(undefined, {
    style: "unit",
    unit: isLong ? "minute" : "second",
    unitDisplay: "short",
    maximumFractionDigits: 0,
  });
  return format.format(isLong ? seconds / 60 : Math.max(1, seconds));
}
