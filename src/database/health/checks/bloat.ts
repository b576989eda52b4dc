import type { Db } from "#database/connect.ts";
import { homeSchema } from "#database/home-schema.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { raw, sql } from "#database/sql.ts";
import { byThreshold, type Check, inBytes, ok } from "./check.ts";

type Bloat = { name: string; kind: "table" | "index"; bytes: number; neededBytes: number };

/** What is smaller is not worth the work, whatever its share. */
const minBytes = 64 * 1024 ** 2;

/**
 * Tables and B-tree indexes with the space that their rows need, estimated from the planner's statistics: pages as PostgreSQL
 * counts them, rows with their average width (pg_stats). A row has a header of 24 bytes and a pointer of 4, an index entry 8 and 4.
 * Pages of an index are filled to 90%. Statistics of a table that was never analyzed say nothing, and it is left out.
 */
export const listBloat = defineQuery(
  { name: "space that tables and indexes waste", indexes: [], sample: () => [] },
  (db: Db): Promise<Bloat[]> =>
    sql<Bloat>`
      with sizes as (
        select c.oid, c.relname as name, c.relkind, c.reltuples, c.relpages,
          coalesce(substring(array_to_string(c.reloptions, ' ') from 'fillfactor=(\\d+)')::float, case c.relkind when 'i' then 90 else 100 end)
            / 100 as fill
        from pg_class c
        left join pg_am a on a.oid = c.relam
        where c.relnamespace = ${raw(homeSchema)}
          and (c.relkind = 'r' or c.relkind = 'i' and a.amname = 'btree')
          and c.reltuples > 0
          and c.relpages * current_setting('block_size')::bigint >= ${minBytes}
      ),
      widths as (
        select s.oid, sum(p.avg_width * (1 - p.null_frac)) as width
        from sizes s
        left join pg_index i on i.indexrelid = s.oid
        join pg_class t on t.oid = coalesce(i.indrelid, s.oid)
        join pg_attribute a on a.attrelid = t.oid and (i.indexrelid is null or a.attnum = any(i.indkey))
        join pg_stats p on p.schemaname = t.relnamespace::regnamespace::text and p.tablename = t.relname and p.attname = a.attname
        group by s.oid
      )
      select s.name, case s.relkind when 'i' then 'index' else 'table' end as kind,
        (s.relpages * current_setting('block_size')::float) as bytes,
        (s.reltuples * (w.width + case s.relkind when 'i' then 12 else 28 end) / s.fill)::float as "neededBytes"
      from sizes s
      join widths w using (oid)
      order by s.relpages * current_setting('block_size')::float
        - s.reltuples * (w.width + case s.relkind when 'i' then 12 else 28 end) / s.fill desc
      limit 10`.rows(db),
);

const wasted = ({ bytes, neededBytes }: Bloat) => Math.max(0, bytes - neededBytes);
const shareOf = (bloat: Bloat) => (wasted(bloat) / bloat.bytes) * 100;

export const bloatChecks: Check[] = [
  {
    ...{ id: "bloat", title: "Wasted space", about: "database", unit: "percent", healthy: "below 50% of each table" },
    metric: "prochat_bloat_ratio",
    async look({ db }) {
      const all = (await listBloat(db)).toSorted((a, b) => shareOf(b) - shareOf(a));
      const [worst] = all;
      if (!worst) return ok("No table or index is large enough to waste much space.", { value: 0 });
      const value = shareOf(worst);
      const level = byThreshold(value, { warn: 50, error: 80 });
      const why = `About ${Math.round(value)}% of the ${worst.kind} ${worst.name} is empty, ${inBytes(wasted(worst))}.`;
      const facts = all.map(each => `${each.name}: ${inBytes(wasted(each))} of ${inBytes(each.bytes)} are empty`);
      if (level === "ok") return ok(why, { value, facts });
      return {
        level,
        value,
        why: `${why} Reads pass it, and the disk keeps it.`,
        fix:
          worst.kind === "index"
            ? `Run, while people work: reindex index concurrently ${worst.name};`
            : `New rows fill it again. To give it back, in a quiet hour, because the table is locked: vacuum (full, analyze) ${worst.name};`,
        facts,
      };
    },
  },
];
