import type { HealthReport } from "#protocol/health.ts";

const width = "unknown".length;

/** The sentence, then a line for each check, and below it what to do. */
export function printHealth({ summary, checks }: HealthReport): string {
  const lines = checks.flatMap(({ id, level, why, fix, facts }) => {
    const isWell = level === "ok" || level === "unknown";
    const indent = " ".repeat(width + 2);
    return [
      `${level.padEnd(width)}  ${id}: ${why}`,
      ...(fix && !isWell ? [`${indent}${fix}`] : []),
      ...(isWell ? [] : facts.map(fact => `${indent}- ${fact}`)),
    ];
  });
  return [summary, ...lines].join("\n");
}
