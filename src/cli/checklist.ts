import { type HealthLevel, type HealthReport, healthAreas } from "#protocol/health.ts";

/** What an owner goes through before the first customer comes, and again after each change. */
const areas = ["start", ...healthAreas, "monitoring"] as const;
export type Area = (typeof areas)[number];

export type Line = {
  area: Area;
  /** as `prochat doctor --json` and tests name it */
  name: string;
  level: HealthLevel;
  /** for people, what this line is about */
  title: string;
  what: string;
  fix: string | null;
  facts: string[];
};

export const headings: Record<Area, string> = {
  start: "To start",
  database: "Database",
  server: "Server",
  backup: "Backup",
  security: "Security",
  monitoring: "Monitoring",
  privacy: "Privacy",
};

const words: Record<HealthLevel, string> = { ok: "done", unknown: "unknown", warn: "to do", error: "mend now" };
const width = "mend now".length + 2;

/** The lines of the last run, by area: of those that doctor asks itself, and of the checks that the server makes again and again. */
export function listLines(own: Line[], health: HealthReport | null): Line[] {
  const asked = new Set(own.map(({ name }) => name));
  const watched = (health?.checks ?? [])
    .filter(({ id }) => !asked.has(id))
    .map(
      ({ id, area, level, title, why, fix, facts }): Line => ({ area, name: id, level, title, what: why, fix, facts }),
    );
  const all = [...own, ...watched];
  return areas.flatMap(area => all.filter(line => line.area === area));
}

/** A line each, below it what to do. The last sentence is what somebody reads who reads no further. */
export function printLines(lines: Line[]): string {
  const parts = areas.flatMap(area => {
    const ofArea = lines.filter(line => line.area === area);
    return ofArea.length === 0 ? [] : [headings[area], ...ofArea.flatMap(printLine), ""];
  });
  return [...parts, conclude(lines)].join("\n");
}

function printLine({ level, title, what, fix, facts }: Line): string[] {
  const indent = " ".repeat(width + 2);
  const isWell = level === "ok" || level === "unknown";
  return [
    `  ${words[level].padEnd(width)}${title}: ${what}`,
    ...(fix && level !== "ok" ? [`${indent}${fix}`] : []),
    ...(isWell ? [] : facts.map(fact => `${indent}- ${fact}`)),
  ];
}

function conclude(lines: Line[]): string {
  const count = (level: HealthLevel) => lines.filter(line => line.level === level).length;
  const [wrong, toDo, unknown] = [count("error"), count("warn"), count("unknown")];
  const rest = unknown === 0 ? "" : ` ${things(unknown)} cannot be known yet.`;
  if (wrong > 0) return `${things(wrong)} to mend now, ${toDo} to do before people rely on it.${rest}`;
  if (toDo > 0) return `Nothing to mend. ${things(toDo)} to do before people rely on it.${rest}`;
  return `All is done.${rest}`;
}

const things = (count: number) => (count === 1 ? "1 thing" : `${count} things`);
