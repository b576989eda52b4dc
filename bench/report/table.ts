/** A table as Markdown wants it, which reads as well in a terminal. */
export function table(head: string[], rows: string[][]): string {
  const widths = head.map((cell, i) => Math.max(cell.length, ...rows.map(row => row[i]!.length)));
  const line = (cells: string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  return [line(head), line(widths.map(width => "-".repeat(width))), ...rows.map(line)].join("\n");
}

export const inMs = (value: number) => (value >= 100 ? inUnits(value) : value.toFixed(value >= 10 ? 1 : 2));
export const inUnits = (value: number) => Math.round(value).toLocaleString("en-US");
