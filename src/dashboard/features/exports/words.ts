import { dateOf } from "#dashboard/text/time.ts";
import type { ExportFormat, ExportScope } from "#protocol/exports.ts";

export const formats: { value: ExportFormat; label: string }[] = [
  { value: "csv", label: "CSV, for a spreadsheet" },
  { value: "json", label: "JSON, with visitors and conversations" },
  { value: "ndjson", label: "NDJSON, one message a line" },
  { value: "parquet", label: "Parquet, for analytics" },
];

export const formatName = (format: ExportFormat) => formats.find(({ value }) => value === format)!.label.split(",")[0]!;

/** What an export holds, as its row's title. */
export function describeScope(scope: ExportScope): string {
  switch (scope.kind) {
    case "conversation":
      return "One conversation";
    case "visitor":
      return "One visitor";
    case "month":
      return `Conversations of ${monthName(scope.month)}`;
    case "website":
      return `Messages from ${dateOf(Date.parse(scope.from))} to ${dateOf(Date.parse(scope.until) - 1)}`;
  }
}

const monthName = (month: string) =>
  new Intl.DateTimeFormat(undefined, { month: "long", year: "numeric", timeZone: "UTC" }).format(
    Date.parse(`${month}-01T00:00:00Z`),
  );

const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** 1.2 MB */
export function sizeOf(bytes: number): string {
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  const unit = units[step]!;
  const display = step ? ({ maximumFractionDigits: 1 } as const) : ({ unitDisplay: "long" } as const);
  return new Intl.NumberFormat(undefined, { style: "unit", unit, ...display }).format(bytes / 1000 ** step);
}
