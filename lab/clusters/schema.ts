import { execFile } from "node:child_process";
import { promisify } from "node:util";
import pg from "pg";
import { pgDump } from "#lab/install.ts";

/** The schema as pg_dump 15 prints it, by line. @param url  of a PostgreSQL 15 */
export async function dumpSchema(url: string): Promise<string[]> {
  const args = ["--schema-only", "--no-owner", "--exclude-table=pgmigrations*", url];
  const { stdout } = await promisify(execFile)(pgDump.path, args, { maxBuffer: 2 ** 26 });
  // These lines have a random word, as a guard against psql commands in the data.
  return stdout.split("\n").filter(line => !/^\\(un)?restrict /.test(line));
}

/** All that migrations create, one line each, from the catalogues: equal lines mean equal schemas. */
export async function describeSchema(url: string): Promise<string[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const { rows } = await client.query<{ line: string }>(`
      with ours as (
        select c.oid, c.relname, c.relkind from pg_class as c
        where c.relnamespace = 'public'::regnamespace and c.relname not like 'pgmigrations%'
      )
      select format('%s %s %s', relkind, relname, coalesce(pg_get_partkeydef(oid), '')) as line from ours
      union all
      select format('column %s.%s %s %s %s %s', relname, attname, format_type(atttypid, atttypmod), attnotnull, attidentity,
        pg_get_expr(adbin, adrelid))
      from ours join pg_attribute on attrelid = oid and attnum > 0 and not attisdropped
        left join pg_attrdef on adrelid = attrelid and adnum = attnum
      where relkind in ('r', 'p')
      union all
      select format('constraint %s %s %s', relname, conname, pg_get_constraintdef(con.oid))
      from ours join pg_constraint as con on conrelid = ours.oid
      union all
      select format('index %s %s', pg_get_indexdef(oid), case when indisvalid then 'valid' else 'invalid' end)
      from ours join pg_index on indexrelid = oid
      union all
      select pg_get_triggerdef(t.oid) from ours join pg_trigger as t on tgrelid = ours.oid and not tgisinternal
      union all
      select format('partition %s of %s %s', relname, inhparent::regclass, pg_get_expr(relpartbound, ours.oid))
      from ours join pg_class using (oid, relname, relkind) join pg_inherits on inhrelid = oid
      union all
      select pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace
      union all
      select format('enum %s %s', typname, string_agg(enumlabel, ',' order by enumsortorder))
      from pg_type join pg_enum on enumtypid = pg_type.oid where typnamespace = 'public'::regnamespace group by typname
      order by line`);
    return rows.map(row => row.line);
  } finally {
    await client.end();
  }
}
