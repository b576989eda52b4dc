/** From the least to the most severe. */
export const logLevels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof logLevels)[number];

/** What has a level of its own in LOG_LEVEL. */
export const logParts = ["http", "socket", "database", "jobs", "backups", "health", "redis"] as const;
export type LogPart = (typeof logParts)[number];

export type LogLevels = { level: LogLevel; parts: ReadonlyMap<LogPart, LogLevel> };

/** Reads LOG_LEVEL: "info", "warn,jobs=debug" or "jobs=debug". @throws Error with what is wrong, in words */
export function parseLogLevels(text: string): LogLevels {
  let level: LogLevel = "warn";
  const parts = new Map<LogPart, LogLevel>();
  for (const [place, entry] of text.split(",").entries()) {
    const [name = "", value, ...rest] = entry.split("=").map(each => each.trim());
    if (rest.length > 0) throw new Error(`"${entry.trim()}" has more than one =`);
    if (value === undefined) {
      if (place > 0) throw new Error(`"${name}" is for all parts, so it comes first`);
      level = asLevel(name);
    } else parts.set(asPart(name), asLevel(value));
  }
  return { level, parts };
}

function asLevel(text: string): LogLevel {
  const level = logLevels.find(each => each === text);
  if (level) return level;
  throw new Error(`"${text}" is none of the levels ${logLevels.join(", ")}`);
}

function asPart(text: string): LogPart {
  const part = logParts.find(each => each === text);
  if (part) return part;
  throw new Error(`"${text}" is none of the parts ${logParts.join(", ")}`);
}
