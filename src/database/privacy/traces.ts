import type { Query } from "#database/connect.ts";

/** What a person would be found by. */
export type Wanted = {
  /** of the visitor and of their conversations */
  ids: string[];
  /** words of theirs, such as a name or an address */
  texts: string[];
};

export type Trace = { place: string; count: number };

/** They name who was erased or acted, by id and by design; words of a person must not be there either. */
const tablesOfIds = ["erasures", "audit_log"];

/**
 * Looks for a person in every row of every table of the database, whoever made the table (jobs and their payloads too), and in
 * the planner's statistics. It reads everything: on a large database it takes minutes.
 */
export async function findInDatabase(query: Query, wanted: Wanted, onTable: (name: string) => void): Promise<Trace[]> {
  const run = <Row>(text: string, values: unknown[] = []) => query<Row>({ name: "", text, values });
  const tables = await run<{ name: string; table: string; columns: string }>(`
    select format('%I.%I', n.nspname, c.relname) as name, coalesce(p.relname, c.relname) as table,
      (select string_agg(format('%I::text', attname), ', ')
       from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped) as columns
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    left join pg_inherits i on i.inhrelid = c.oid
    left join pg_class p on p.oid = i.inhparent
    where c.relkind in ('r', 'm')
      and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
      and exists (select from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped)
    order by 1`);
  const traces: Trace[] = [];
  for (const { name, table, columns } of tables) {
    const patterns = patternsFor(table, wanted);
    if (patterns.length === 0) continue;
    onTable(name);
    const [row] = await run<{ count: number }>(
      `select count(*)::integer as count from ${name} where concat_ws(E'\\n', ${columns}) ilike any($1::text[])`,
      [patterns],
    );
    if (row!.count > 0) traces.push({ place: `table ${name}`, count: row!.count });
  }
  return [...traces, ...(await findInStatistics(run, wanted))];
}

async function findInStatistics(
  run: <Row>(text: string, values?: unknown[]) => Promise<Row[]>,
  wanted: Wanted,
): Promise<Trace[]> {
  const rows = await run<{ table: string; place: string }>(
    `select tablename::text as table, format('statistics of %I.%I.%I', schemaname, tablename, attname) as place
     from pg_stats
     where schemaname !~ '^pg_' and schemaname <> 'information_schema'
       and concat_ws(E'\\n', most_common_vals::text, histogram_bounds::text, most_common_elems::text) ilike any($1::text[])`,
    [patternsOf([...wanted.ids, ...wanted.texts])],
  );
  const named = await Promise.all(
    rows.map(async ({ table, place }) => {
      if (!tablesOfIds.includes(table)) return place;
      const [inTexts] = await run<{ found: boolean }>(
        `select exists (select from pg_stats where tablename = $2
           and concat_ws(E'\\n', most_common_vals::text, histogram_bounds::text) ilike any($1::text[])) as found`,
        [patternsOf(wanted.texts), table],
      );
      return inTexts!.found ? place : null;
    }),
  );
  return named.flatMap(place => (place ? [{ place, count: 1 }] : []));
}

const patternsFor = (table: string, { ids, texts }: Wanted) =>
  patternsOf(tablesOfIds.includes(table) ? texts : [...ids, ...texts]);

const patternsOf = (texts: string[]) => texts.map(text => `%${text.replace(/[\\%_]/g, "\\$&")}%`);
