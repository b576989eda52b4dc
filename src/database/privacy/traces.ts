import type { Query } from "#database/connect.ts";
import { wordsOf } from "#database/search/lexemes.ts";
import { spellingsOf } from "#platform/storage/spellings.ts";

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
  const tables = await run<{ name: string; table: string; columns: string; words: string | null }>(`
    select format('%I.%I', n.nspname, c.relname) as name, coalesce(p.relname, c.relname) as table,
      (select string_agg(format('%I::text', attname), ', ')
       from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped) as columns,
      (select string_agg(format('%I::text', attname), ' || ')
       from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped and atttypid = 'tsvector'::regtype) as words
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    left join pg_inherits i on i.inhrelid = c.oid
    left join pg_class p on p.oid = i.inhparent
    where c.relkind in ('r', 'm')
      and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
      and exists (select from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped)
    order by 1`);
  const traces: Trace[] = [];
  for (const { name, table, columns, words } of tables) {
    const patterns = patternsFor(table, wanted);
    if (patterns.length === 0) continue;
    onTable(name);
    const inWords = words ? wanted.texts.map(wordPatternsOf).filter(own => own.length > 0) : [];
    const [row] = await run<{ count: number }>(
      `select count(*)::integer as count
       from ${name}
       where concat_ws(E'\\n', ${columns}) ilike any($1::text[])
         ${inWords.map((_, i) => `or ${words} ~ all($${i + 2}::text[])`).join(" ")}`,
      [patterns, ...inWords],
    );
    if (row!.count > 0) traces.push({ place: `table ${name}`, count: row!.count });
  }
  return [...traces, ...(await findInStatistics(run, wanted))];
}

/** Of columns, of several columns together (CREATE STATISTICS), and of expressions. */
const statistics = `
  select tablename::text as table, format('statistics of %I.%I.%I', schemaname, tablename, attname) as place,
    concat_ws(E'\\n', most_common_vals::text, histogram_bounds::text, most_common_elems::text) as held
  from pg_stats
  where schemaname !~ '^pg_' and schemaname <> 'information_schema'
  union all
  select tablename::text, format('statistics %I.%I', statistics_schemaname, statistics_name), most_common_vals::text
  from pg_stats_ext
  union all
  select tablename::text, format('statistics %I.%I', statistics_schemaname, statistics_name),
    concat_ws(E'\\n', most_common_vals::text, histogram_bounds::text, most_common_elems::text)
  from pg_stats_ext_exprs`;

async function findInStatistics(
  run: <Row>(text: string, values?: unknown[]) => Promise<Row[]>,
  wanted: Wanted,
): Promise<Trace[]> {
  const rows = await run<{ place: string }>(
    `select distinct place
     from (${statistics}) s
     where held ilike any(case when s.table = any($3::text[]) then $2::text[] else $1::text[] end)
     order by place`,
    [patternsOf([...wanted.ids, ...wanted.texts]), patternsOf(wanted.texts), tablesOfIds],
  );
  return rows.map(({ place }) => ({ place, count: 1 }));
}

const patternsFor = (table: string, { ids, texts }: Wanted) =>
  patternsOf(tablesOfIds.includes(table) ? texts : [...ids, ...texts]);

/** A search index has the words of a text, each behind the prefix of its website: all of them must be there, in any order. */
const wordPatternsOf = (text: string) =>
  wordsOf(text).map(word => `'[A-Z]+${word.replace(/[^\p{L}\p{N}]/gu, "\\$&")}'`);

const patternsOf = (texts: string[]) => spellingsOf(texts).map(text => `%${text.replace(/[\\%_]/g, "\\$&")}%`);
