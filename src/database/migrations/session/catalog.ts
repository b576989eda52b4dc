import type { Node, RangeVar } from "libpg-query";
import pg from "pg";

/** A table as PostgreSQL's catalogue describes it. */
export type Table = {
  oid: number;
  /** quoted, with its schema, for use in statements */
  sql: string;
  schema: string;
  name: string;
  isPartitioned: boolean;
};

export type Name = Pick<RangeVar, "schemaname" | "relname">;

/** The quoted name of a table or an index, as statements write it. */
export const quoteName = ({ schemaname, relname = "" }: Name): string =>
  [schemaname, relname]
    .filter(part => part !== undefined)
    .map(part => pg.escapeIdentifier(part))
    .join(".");

/** Reads a name that the parser gives as a list of parts, as in `drop index a.b`. */
export function nameOf(node: Node | undefined): Name {
  const parts = node && "List" in node ? (node.List.items ?? []) : [];
  const words = parts.flatMap(part => ("String" in part ? [part.String.sval ?? ""] : []));
  const [relname, schemaname] = words.reverse();
  return { ...(relname !== undefined && { relname }), ...(schemaname !== undefined && { schemaname }) };
}

const tableText = `
  select c.oid::integer, n.nspname as schema, c.relname as name, c.relkind = 'p' as "isPartitioned"
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace`;

/** Null if no table has that name. */
export async function findTable(client: pg.Client, name: Name): Promise<Table | null> {
  const { rows } = await client.query(`${tableText} where c.oid = to_regclass($1) and c.relkind in ('r', 'p')`, [
    quoteName(name),
  ]);
  return rows[0] ? withSql(rows[0]) : null;
}

/** The tables that hold the rows: the table itself, or its partitions by name. */
export async function listLeaves(client: pg.Client, table: Table): Promise<Table[]> {
  if (!table.isPartitioned) return [table];
  const { rows } = await client.query(
    `${tableText} where c.relkind = 'r' and c.oid in (select relid from pg_partition_tree($1) where isleaf)
     order by n.nspname, c.relname`,
    [table.oid],
  );
  return rows.map(withSql);
}

const withSql = (row: Omit<Table, "sql">): Table => ({
  ...row,
  sql: quoteName({ schemaname: row.schema, relname: row.name }),
});

export type Index = { sql: string; isValid: boolean; isPartitioned: boolean; tableOid: number };

/** @param name  with its schema, or found by the session's search path */
export async function findIndex(client: pg.Client, name: Name): Promise<Index | null> {
  const { rows } = await client.query(
    `select i.indisvalid and i.indisready as "isValid", c.relkind = 'I' as "isPartitioned", i.indrelid::integer as "tableOid",
       n.nspname as schemaname, c.relname
     from pg_index i
     join pg_class c on c.oid = i.indexrelid
     join pg_namespace n on n.oid = c.relnamespace
     where c.oid = to_regclass($1)`,
    [quoteName(name)],
  );
  return rows[0] ? { ...rows[0], sql: quoteName(rows[0]) } : null;
}

export type KeyColumn = { name: string; type: string };

/** The columns of a table's primary key, in order; empty if it has none. */
export async function listPrimaryKey(client: pg.Client, { oid }: Table): Promise<KeyColumn[]> {
  const { rows } = await client.query<KeyColumn>(
    `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type
     from pg_index i
     cross join lateral unnest(i.indkey::smallint[]) with ordinality as k (attnum, place)
     join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
     where i.indrelid = $1
       and i.indisprimary
       and k.place <= i.indnkeyatts
     order by k.place`,
    [oid],
  );
  return rows;
}
