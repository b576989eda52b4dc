import { statfs } from "node:fs/promises";
import type { Db } from "#database/connect.ts";
import { homeSchema } from "#database/home-schema.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { listMonths } from "#database/retention/months.ts";
import { listLargest, type WebsiteSize } from "#database/sizes/websites.ts";
import { raw, sql } from "#database/sql.ts";
import {
  byThreshold,
  type Check,
  type Finding,
  inBytes,
  inTime,
  ok,
  perRun,
  plural,
  type Source,
  unknown,
} from "./check.ts";
import { forecastDays, growthPerDay } from "./forecast.ts";

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

const shown = 15;
const maxRollUpSeconds = 3 * 86_400;

/** ", and grows by 20 MB a day" */
function describeGrowth({ sizes, now }: Source, bytes: number): string {
  const perDay = growthPerDay([...sizes, { at: now, bytes }]);
  return perDay === null || perDay <= 0 ? "" : `, and grows by ${inBytes(perDay)} a day`;
}

const describeMonth = ({ month, sizeBytes, messages, state }: Awaited<ReturnType<typeof listMonths>>[number]) =>
  `${month}: ${inBytes(sizeBytes)}${messages === null ? "" : `, about ${plural(messages, "message")}`}${state === "live" ? "" : `, ${state}`}`;

const describeWebsite = ({ websiteId, messages, bytes, lastMonthBytes }: WebsiteSize) =>
  `website ${websiteId}: ${inBytes(bytes)}, ${plural(messages, "message")}, ${inBytes(lastMonthBytes)} of the last month`;

export const sizeChecks: Check[] = [
  {
    ...{ id: "database-size", title: "Size of the database", about: "database", unit: "bytes" },
    healthy: "fits on the disk, see the two checks below",
    metric: "prochat_database_size_bytes",
    async look(source) {
      const value = await sizeOf(source);
      const tables = await listTableSizes(source.db);
      const facts = tables.slice(0, shown).map(({ name, bytes }) => `${name}: ${inBytes(bytes)}`);
      return ok(`The database has ${inBytes(value)}, with its indexes${describeGrowth(source, value)}.`, {
        value,
        facts,
      });
    },
  },
  {
    ...{ id: "months-size", title: "Size of the messages", about: "database", unit: "bytes" },
    healthy: "a table a month, see “Days until the disk is full”",
    async look({ db }) {
      const months = (await listMonths(db)).filter(({ state }) => state !== "dropped").toReversed();
      const value = months.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      const facts = months.slice(0, shown).map(describeMonth);
      return ok(`The messages of ${plural(months.length, "month")} have ${inBytes(value)}.`, { value, facts });
    },
  },
  {
    ...{ id: "websites-size", title: "Largest website", about: "database", unit: "bytes" },
    healthy: "measured each night",
    async look({ db, now }) {
      const { websites, oldestAt, largest } = await listLargest(db, shown);
      const [first] = largest;
      if (!oldestAt || !first) return unknown("The sizes of websites are estimated each night, at 04:47 UTC.");
      const age = (now.getTime() - oldestAt.getTime()) / 1000;
      if (age > maxRollUpSeconds)
        return unknown(`The sizes of websites were estimated ${inTime(age)} ago. See “Jobs given up”.`);
      const why = `Website ${first.websiteId} is the largest of ${websites}, with about ${inBytes(first.bytes)}.`;
      return ok(why, { value: first.bytes, facts: largest.map(describeWebsite) });
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
    metric: "prochat_disk_full_seconds",
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
