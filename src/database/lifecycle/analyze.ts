import type { Query } from "#database/connect.ts";
import { homeSchema } from "#database/home-schema.ts";
import { websiteTables } from "#database/tenant-tables.ts";

/** What a purge removes rows from, besides the months of messages. */
const purged = websiteTables.filter(table => !table.startsWith("messages"));

/**
 * Analyzes the tables that purges remove rows from: the planner's statistics (`pg_statistic`) hold texts of rows that are gone
 * until then. Besides those of this run also what has changed since it was last analyzed: after a purge that was killed the
 * next run makes it good.
 * @param touched  the tables of this run; what PostgreSQL counts of its own changes comes some seconds late
 */
export async function analyzePurged(query: Query, touched: ReadonlySet<string>): Promise<void> {
  const run = <Row>(text: string) => query<Row>({ name: "", text, values: [] });
  const tables = await run<{ name: string }>(`
    select t.relid::regclass::text as name
    from pg_stat_user_tables t
    where t.n_mod_since_analyze > 0
      and (t.relid in (select format('%I.%I', n.nspname, part)::regclass
                       from pg_namespace n, unnest('{${purged}}'::text[]) part
                       where n.oid = ${homeSchema})
        or t.relid in (select inhrelid from pg_inherits
                       where inhparent in ('messages'::regclass, 'messages_archive'::regclass, 'message_search'::regclass)))
    order by 1`);
  const months = await run<{ name: string }>(
    "select inhrelid::regclass::text as name from pg_inherits where inhparent = 'message_search'::regclass",
  );
  const words = months.map(({ name }) => name).filter(name => touched.has(name.replace("message_search", "messages")));
  if (touched.has("visitors")) words.push("visitor_search");
  const due = new Set([...touched, ...words, ...tables.map(({ name }) => name)]);
  for (const name of due) {
    await run(`analyze ${name}`);
    await clearIfEmpty(run, name);
  }
  // The statistics of all months together exist only if somebody has made them; they are made again, with those of each month.
  const parents = await run<{ name: string }>(`
    select distinct starelid::regclass::text as name
    from pg_statistic
    where starelid in ('messages'::regclass, 'messages_archive'::regclass, 'message_search'::regclass)
      and stainherit`);
  for (const { name } of due.size > 0 ? parents : []) {
    await run(`analyze ${name}`);
    await clearIfEmpty(run, name);
  }
}

type Run = <Row>(text: string) => Promise<Row[]>;

/**
 * `analyze` leaves the statistics of an empty table as they were, so a month whose last person was erased kept their texts.
 * PostgreSQL 18 can clear them; before, only a superuser may delete them. Otherwise they stay, and prochat privacy verify
 * names them.
 */
async function clearIfEmpty(run: Run, name: string): Promise<void> {
  const [table] = await run<{ isEmpty: boolean; isSuperuser: boolean; mayClear: boolean }>(`
    select not exists (select from ${name}) as "isEmpty",
      current_setting('server_version_num')::integer >= 180000 as "mayClear",
      (select rolsuper from pg_roles where rolname = current_user) as "isSuperuser"`);
  if (!table!.isEmpty) return;
  if (table!.mayClear)
    await run(`
      select pg_clear_attribute_stats(s.schemaname, s.tablename, s.attname, s.inherited)
      from pg_stats s
      where format('%I.%I', s.schemaname, s.tablename)::regclass = '${name}'::regclass`);
  else if (table!.isSuperuser) await run(`delete from pg_statistic where starelid = '${name}'::regclass`);
}
