import type { HealthArea, HealthCheck, HealthFix, HealthLevel } from "#protocol/health.ts";

export const levelNames: Record<HealthLevel, string> = {
  ok: "Well",
  unknown: "Unknown",
  warn: "Warning",
  error: "Problem",
};

export const areaNames: Record<HealthArea, string> = {
  database: "Database",
  server: "Server",
  backup: "Backup",
  security: "Security",
  privacy: "Privacy",
};

/** The button that mends what a check has found. */
export const fixes: Record<string, { fix: HealthFix; label: string }> = {
  "indexes-missing": { fix: "build-indexes", label: "Build missing indexes" },
  "indexes-invalid": { fix: "build-indexes", label: "Build missing indexes" },
  "partitions-ahead": { fix: "make-partitions", label: "Make partitions" },
  "jobs-dead": { fix: "retry-jobs", label: "Try dead jobs again" },
};

const number = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const steps = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** "5.2 GB", "12%", "3 min" */
export function inUnit(value: number, unit: HealthCheck["unit"]): string {
  if (unit === "bytes") {
    let step = 0;
    for (; value >= 1024 && step < steps.length - 1; step++) value /= 1024;
    return new Intl.NumberFormat(undefined, { style: "unit", unit: steps[step]!, maximumFractionDigits: 1 }).format(
      value,
    );
  }
  if (unit === "percent") return `${number.format(value)}%`;
  if (unit === "seconds") return inSeconds(value);
  if (unit === "days" || unit === "months") return `${number.format(value)} ${unit}`;
  return number.format(value);
}

/** "0.4 ms", "12 ms", "3.4 s" */
export const inMs = (ms: number): string => (ms < 10 ? `${number.format(ms)} ms` : inSeconds(ms / 1000));

function inSeconds(value: number): string {
  if (value < 1) return `${Math.round(value * 1000)} ms`;
  if (value < 120) return `${number.format(value)} s`;
  return value < 7200 ? `${Math.round(value / 60)} min` : `${Math.round(value / 3600)} h`;
}
