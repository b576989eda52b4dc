import type { Db } from "#database/connect.ts";
import type { Config } from "#platform/config.ts";
import type { RedisFacts } from "#platform/redis/facts.ts";
import type { Vitals } from "#platform/vitals.ts";
import type { HealthCheck, HealthLevel } from "#protocol/health.ts";

/**
 * One thing that is watched. To add one, write it in a file of this folder and name it in list.ts: the dashboard,
 * `prochat doctor`, /ready, /metrics and alerts read that list.
 */
export type Check = Pick<HealthCheck, "id" | "title" | "about" | "unit" | "healthy"> & {
  /** its name in /metrics, with the unit; absent: only its level is there */
  metric?: string;
  /** May throw: without rights, after a timeout or while the database is away the level is "unknown". */
  look(source: Source): Promise<Finding | null> | Finding | null;
};

/** A check in its place of the list. */
export type ListedCheck = Check & Pick<HealthCheck, "area">;

/** What a check found; null instead of it: the check has no meaning here and is left out. */
export type Finding = {
  level: HealthLevel;
  value?: number | null;
  why: string;
  fix?: string | null;
  facts?: string[];
  /** kept for an hour: a later run sees how much they grew */
  counters?: Counters;
};

export type Counters = Record<string, number>;
export type PastCounters = { at: Date; counters: Counters };

/** What checks look at. One object for each run, except for `db`. */
export type Source = {
  /** a transaction that only reads and ends soon */
  db: Db;
  /** the same for all checks of a run: see perRun() */
  run: object;
  now: Date;
  config: Config;
  /** counters of a run up to an hour ago */
  earlier: PastCounters | null;
  /** counters of the run before this one, a minute ago or more */
  previous: PastCounters | null;
  /** the size of the database on earlier days, the oldest first */
  sizes: { at: Date; bytes: number }[];
  /** of the server's processes; empty: no server runs here */
  vitals: Vitals[];
  redis: RedisFacts | null;
};

export const ok = (why: string, more: Partial<Finding> = {}): Finding => ({ level: "ok", why, ...more });

/** @param fix  what would make it known; null: only time */
export const unknown = (why: string, fix: string | null = null): Finding => ({ level: "unknown", why, fix });

export const byThreshold = (value: number, { warn, error }: { warn: number; error: number }): HealthLevel =>
  value >= error ? "error" : value >= warn ? "warn" : "ok";

/** Asks once per run what several checks need. */
export function perRun<T>(ask: (source: Source) => Promise<T>): (source: Source) => Promise<T> {
  const asked = new WeakMap<object, Promise<T>>();
  return source => {
    const answer = asked.get(source.run) ?? ask(source);
    asked.set(source.run, answer);
    return answer;
  };
}

/** How much a counter grew since then; null: there is no value of then, or it was reset. */
export function growthSince(past: PastCounters | null, name: string, value: number): number | null {
  const before = past?.counters[name];
  return before === undefined || before > value ? null : value - before;
}

const steps = ["bytes", "kB", "MB", "GB", "TB"];

/** 5.2 GB */
export function inBytes(bytes: number): string {
  let step = 0;
  for (; bytes >= 1024 && step < steps.length - 1; step++) bytes /= 1024;
  return `${bytes.toLocaleString("en", { maximumFractionDigits: step === 0 ? 0 : 1 })} ${steps[step]}`;
}

/** 3 minutes */
export function inTime(seconds: number): string {
  const [size, unit] = (
    [
      [86_400, "day"],
      [3_600, "hour"],
      [60, "minute"],
      [1, "second"],
    ] as const
  ).find(([size]) => seconds >= size * 2) ?? [1, "second"];
  return plural(Math.round(seconds / size), unit);
}

export const plural = (count: number, noun: string, many = `${noun}s`) =>
  `${count.toLocaleString("en")} ${count === 1 ? noun : many}`;
