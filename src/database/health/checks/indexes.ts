import { CompiledQuery } from "kysely";
import type pg from "pg";
import type { Db } from "#database/connect.ts";
import { checkIndexes, type Index } from "#database/query-plans/indexes.ts";
import { type Check, inBytes, inTime, ok, perRun, plural, type Source, unknown } from "./check.ts";

/** Statistics of fewer days say little about what is never used: some work runs once a week. */
const minDays = 7;
const dayMs = 86_400_000;

const report = perRun(({ db }) => checkIndexes(clientOf(db)));

/** The checks of `prochat verify` take a client, and only query with it. */
export const clientOf = (db: Db) =>
  ({
    query: (text: string, values: unknown[] = []) => db.executeQuery(CompiledQuery.raw(text, values)),
  }) as unknown as pg.ClientBase;

const about = "database";
const unit = "count";

export const indexChecks: Check[] = [
  {
    ...{ id: "indexes-missing", title: "Missing indexes", about, unit, healthy: "0" },
    async look(source) {
      const { missing } = await report(source);
      if (missing.length === 0) return ok("All indexes that queries need exist.", { value: 0 });
      return {
        level: "error",
        value: missing.length,
        why: `${plural(missing.length, "index", "indexes")} that queries need ${missing.length === 1 ? "is" : "are"} missing: screens get slower as data grows.`,
        fix: "Press “Build missing indexes”, or run the lines below.",
        facts: missing.map(definition => `${definition.replace("INDEX ON", "INDEX CONCURRENTLY ON")};`),
      };
    },
  },
  {
    ...{ id: "indexes-invalid", title: "Invalid indexes", about, unit, healthy: "0" },
    async look(source) {
      const { invalid } = await report(source);
      if (invalid.length === 0) return ok("All indexes are complete.", { value: 0 });
      return {
        level: "error",
        value: invalid.length,
        why: `${named(invalid)}: the build was interrupted or still runs. Until then each write pays for it and no query uses it.`,
        fix: "If no build runs, press “Build missing indexes”, or drop it with the lines below.",
        facts: invalid.map(({ name }) => `drop index concurrently if exists ${name};`),
      };
    },
  },
  {
    ...{ id: "indexes-duplicate", title: "Duplicate indexes", about, unit, healthy: "0" },
    async look(source) {
      const { duplicate } = await report(source);
      if (duplicate.length === 0) return ok("No index repeats another one.", { value: 0 });
      return {
        level: "warn",
        value: duplicate.length,
        why: `${named(duplicate)}: the same as another index. Each write pays for both.`,
        fix: "Drop the one that you have added, with the lines below.",
        facts: duplicate.map(({ name, sizeBytes }) => `drop index concurrently ${name}; -- ${inBytes(sizeBytes)}`),
      };
    },
  },
  {
    ...{ id: "indexes-unused", title: "Unused indexes", about, unit, healthy: `0 in ${minDays} days` },
    look: findUnused,
  },
];

async function findUnused(source: Source) {
  const { unused, countedSince } = await report(source);
  // Statistics that were never reset are as old as the database. Its age is not stored: the day of its first size is, and
  // that day had begun before.
  const firstDay = source.sizes[0]?.at.getTime();
  const since = countedSince ?? new Date(firstDay === undefined ? source.now : Math.min(firstDay + dayMs, +source.now));
  const seconds = (source.now.getTime() - since.getTime()) / 1000;
  if (seconds < minDays * 86_400) {
    const age = `The statistics are ${inTime(seconds)} old, and less than ${minDays} days say little.`;
    return unknown(`${age} Until now ${plural(unused.length, "index", "indexes")} were never used.`);
  }
  if (unused.length === 0) return ok(`Each index was used in ${inTime(seconds)}.`, { value: 0 });
  return {
    level: "warn" as const,
    value: unused.length,
    why: `${named(unused)} of yours: never used in ${inTime(seconds)}. Each write pays for ${unused.length === 1 ? "it" : "them"}.`,
    fix: "If no program of yours needs them, drop them with the lines below.",
    facts: unused.map(({ name, sizeBytes }) => `drop index concurrently ${name}; -- ${inBytes(sizeBytes)}`),
  };
}

const named = (indexes: Index[]) => indexes.map(({ name, table }) => `${name} of ${table}`).join(", ");
