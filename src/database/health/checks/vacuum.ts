import type { Db } from "#database/connect.ts";
import { homeSchema } from "#database/home-schema.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { raw, sql } from "#database/sql.ts";
import { byThreshold, type Check, growthSince, ok, unknown } from "./check.ts";

type DeadRows = { name: string; live: number; dead: number; vacuumedAt: Date | null };

/** Fewer dead rows are normal in a table that is written to, whatever their share. */
const minDead = 10_000;

export const listDeadRows = defineQuery(
  { name: "tables with dead rows", indexes: [], sample: () => [] },
  (db: Db): Promise<DeadRows[]> =>
    sql<DeadRows>`
      select relname as name, n_live_tup::float as live, n_dead_tup::float as dead,
        greatest(last_vacuum, last_autovacuum) as "vacuumedAt"
      from pg_stat_user_tables s
      where (select relnamespace from pg_class c where c.oid = s.relid) = ${raw(homeSchema)}
        and n_dead_tup > ${minDead}
      order by n_dead_tup::float / (n_live_tup + n_dead_tup) desc
      limit 10`.rows(db),
);

type Wraparound = { age: number; max: number };

export const getTransactionAge = defineQuery(
  { name: "age of the oldest transaction id", indexes: [], sample: () => [] },
  async (db: Db): Promise<Wraparound> => {
    const [row] = await sql<Wraparound>`
      select greatest(age(datfrozenxid), mxid_age(datminmxid))::float as age,
        current_setting('autovacuum_freeze_max_age')::float as max
      from pg_database
      where datname = current_database()`.rows(db);
    return row!;
  },
);

type Reads = { hits: number; reads: number };

export const getReads = defineQuery(
  { name: "reads from the cache and from the disk", indexes: [], sample: () => [] },
  async (db: Db): Promise<Reads> => {
    const [row] = await sql<Reads>`
      select blks_hit::float as hits, blks_read::float as reads
      from pg_stat_database
      where datname = current_database()`.rows(db);
    return row!;
  },
);

/** PostgreSQL refuses writes when fewer than 3 million ids are left of these. */
const transactionIds = 2 ** 31;
/** With fewer reads of pages the share says nothing. */
const minReads = 100_000;

export const vacuumChecks: Check[] = [
  {
    ...{ id: "dead-rows", title: "Dead rows", about: "database", unit: "percent", healthy: "below 20%" },
    metric: "prochat_dead_rows_ratio",
    async look({ db }) {
      const tables = await listDeadRows(db);
      const [worst] = tables;
      if (!worst) return ok("Vacuum keeps up: no table has many dead rows.", { value: 0 });
      const value = shareOf(worst);
      return {
        level: byThreshold(value, { warn: 20, error: 50 }),
        value,
        why: `${Math.round(value)}% of ${worst.name} are dead rows: vacuum has not removed them, and each read passes them.`,
        fix:
          value < 20
            ? null
            : `If “Oldest snapshot” is well, run: vacuum (analyze) ${worst.name}; Otherwise end that first.`,
        facts: tables.map(
          table =>
            `${table.name}: ${Math.round(shareOf(table))}%, last vacuum ${table.vacuumedAt?.toISOString() ?? "never"}`,
        ),
      };
    },
  },
  {
    ...{ id: "transaction-ids", title: "Transaction ids used", about: "database", unit: "percent" },
    healthy: "below 25%; at 100% PostgreSQL takes no writes",
    metric: "prochat_transaction_ids_used_ratio",
    async look({ db }) {
      const { age, max } = await getTransactionAge(db);
      const value = (age / transactionIds) * 100;
      const why = `${value.toFixed(1)}% of the transaction ids are used. Vacuum frees them from ${((max / transactionIds) * 100).toFixed(0)}% on.`;
      const level = byThreshold(value, { warn: Math.max(25, (max / transactionIds) * 150), error: 60 });
      return {
        level,
        value,
        why,
        fix: level === "ok" ? null : "End what holds the oldest snapshot, then run: vacuum;",
      };
    },
  },
  {
    ...{ id: "cache-hits", title: "Reads from the cache", about: "database", unit: "percent", healthy: "95% or more" },
    metric: "prochat_cache_hits_ratio",
    async look(source) {
      const { hits, reads } = await getReads(source.db);
      const counters = { cacheHits: hits, cacheReads: reads };
      const hitsNow = growthSince(source.earlier, "cacheHits", hits);
      const readsNow = growthSince(source.earlier, "cacheReads", reads);
      if (hitsNow === null || readsNow === null || hitsNow + readsNow < minReads)
        return { ...unknown("Too little was read in the last hour to say."), counters };
      const value = (hitsNow / (hitsNow + readsNow)) * 100;
      return {
        level: value < 95 ? "warn" : "ok",
        value,
        why: `${value.toFixed(1)}% of the pages that queries read in the last hour were in PostgreSQL's cache.`,
        fix:
          value < 95
            ? "Give PostgreSQL a quarter of the memory: alter system set shared_buffers = '1GB'; then restart it."
            : null,
        counters,
      };
    },
  },
];

const shareOf = ({ live, dead }: DeadRows) => (dead / (live + dead)) * 100;
