import type { Query } from "#database/connect.ts";
import { homeSchema } from "#database/home-schema.ts";
import { websiteTables } from "#database/tenant-tables.ts";

/** What a purge removes rows from, besides the months of messages. */
const purged = websiteTables.filter(table => !table.startsWith("messages"));

/**
 * Analyzes the tables that purges remove rows from, if they have changed: the planner's statistics (`pg_statistic`) hold texts
 * of rows that are gone until then. It asks PostgreSQL what has changed and keeps no list, so a purge that was killed is
 * made good by the next run.
 * @returns the tables
 */
export async function analyzePurged(query: Query): Promise<string[]> {
  const run = <Row>(text: string) => query<Row>({ name: "", text, values: [] });
  const tables = await run<{ name: string }>(`
    select format('%I.%I', t.schemaname, t.relname) as name
    from pg_stat_user_tables t
    where t.n_mod_since_analyze > 0
      and (t.relid in (select format('%I.%I', n.nspname, part)::regclass
                       from pg_namespace n, unnest('{${purged}}'::text[]) part
                       where n.oid = ${homeSchema})
        or t.relid in (select inhrelid from pg_inherits where inhparent in ('messages'::regclass, 'messages_archive'::regclass)))
    order by 1`);
  for (const { name } of tables) await run(`analyze ${name}`);
  // The statistics of all months together exist only if somebody has made them; they are made again, with those of each month.
  const parents = await run<{ name: string }>(`
    select distinct starelid::regclass::text as name
    from pg_statistic
    where starelid in ('messages'::regclass, 'messages_archive'::regclass)
      and stainherit`);
  if (tables.length > 0) for (const { name } of parents) await run(`analyze ${name}`);
  return tables.map(({ name }) => name);
}
