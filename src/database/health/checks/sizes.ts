import { statfs } from "node:fs/promises";
import type { Db } from "#database/connect.ts";
import { homeSchema } from "#database/home-schema.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { raw, sql } from "#database/sql.ts";
import { byThreshold, type Check, type Finding, inBytes, inTime, ok, perRun, type Source, unknown } from "./check.ts";
import { forecastDays } from "./forecast.ts";

type TableSize = { name: string; bytes: number };

/** The tables with their indexes, the largest first; a month of messages is a table. */
export const listTableSizes = defineQuery(
  { name: "sizes of tables and months", indexes: [], sample: () => [] },
  (db: Db): Promise<TableSize[]> =>
    sql<TableSize>`
      select relname as name, pg_total_relation_size(oid)::float as bytes
      from pg_class
      where relnamespace = ${raw(homeSchema)}
        and relkind in ('r', 'm')
      order by bytes desc, name`.rows(db),
);

export const getDatabaseSize = defineQuery(
  { name: "size of the database", indexes: [], sample: () => [] },
  async (db: Db): Promise<number> => {
    const [row] = await sql<{ bytes: number }>`select pg_database_size(current_database())::float as bytes`.rows(db);
    return row!.bytes;
  },
);

const sizeOf = perRun(({ db }) => getDatabaseSize(db));

/** The disk is visible only where the embedded PostgreSQL keeps its data. */
const freeSpace = perRun(async ({ config }) => {
  if (config.databaseUrl !== null) return null;
  const { bavail, blocks, bsize } = await statfs(config.dataDir);
  return { freeBytes: bavail * bsize, percent: (bavail / blocks) * 100 };
});

const shownTables = 15;

export const sizeChecks: Check[] = [
  {
    ...{ id: "database-size", title: "Size of the database", about: "database", unit: "bytes" },
    healthy: "fits on the disk, see the two checks below",
    metric: "prochat_database_size_bytes",
    async look(source) {
      const value = await sizeOf(source);
      const tables = await listTableSizes(source.db);
      const facts = tables.slice(0, shownTables).map(({ name, bytes }) => `${name}: ${inBytes(bytes)}`);
      return ok(`The database has ${inBytes(value)}, with its indexes.`, { value, facts });
    },
  },
  {
    ...{ id: "disk-free", title: "Free space on the disk", about: "database", unit: "bytes" },
    healthy: "15% or more",
    metric: "prochat_disk_free_bytes",
    async look(source) {
      const free = await freeSpace(source);
      if (!free) return elsewhere();
      return {
        level: byThreshold(-free.percent, { warn: -15, error: -5 }),
        value: free.freeBytes,
        why: `${inBytes(free.freeBytes)} of the disk (${Math.floor(free.percent)}%) are free. Without any, no message can be stored.`,
        fix: free.percent > 15 ? null : `Free some space on the disk of ${source.config.dataDir}, or enlarge it.`,
      };
    },
  },
  {
    ...{ id: "disk-full", title: "Days until the disk is full", about: "database", unit: "days" },
    healthy: "30 days or more",
    metric: "prochat_disk_full_days",
    look: forecastDisk,
  },
];

async function forecastDisk(source: Source): Promise<Finding> {
  const free = await freeSpace(source);
  if (!free) return elsewhere();
  const days = forecastDays([...source.sizes, { at: source.now, bytes: await sizeOf(source) }], free.freeBytes);
  if (days === null) return unknown("The sizes of at least 3 days are needed, and they are not there yet.");
  if (days === Number.POSITIVE_INFINITY) return ok("The database does not grow: the disk never gets full.");
  const value = Math.floor(days);
  const when = new Date(source.now.getTime() + days * 86_400_000).toISOString().slice(0, 10);
  return {
    level: byThreshold(-value, { warn: -30, error: -7 }),
    value,
    why: `At the growth of the last weeks the disk is full in ${inTime(days * 86_400)}, on ${when}.`,
    fix: value > 30 ? null : "Enlarge the disk, or keep messages for a shorter time.",
  };
}

const elsewhere = () =>
  unknown("The disk of DATABASE_URL is on another machine or belongs to another program.", "Watch it there.");
