import type { Latency } from "#lab/load/latency.ts";

/** A Markdown table that is also aligned in a terminal. */
export function table(head: string[], rows: string[][]): string {
  const widths = head.map((cell, i) => Math.max(cell.length, ...rows.map(row => row[i]!.length)));
  const line = (cells: string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  return [line(head), line(widths.map(width => "-".repeat(width))), ...rows.map(line)].join("\n");
}

export const inMs = (value: number) => (value >= 100 ? inUnits(value) : value.toFixed(value >= 10 ? 1 : 2));
export const inUnits = (value: number) => Math.round(value).toLocaleString("en-US");
export const inPercentiles = ({ p50Ms, p99Ms, p999Ms }: Latency) => [p50Ms, p99Ms, p999Ms].map(inMs).join(" / ");
