import type pg from "pg";

/** A table with its partitions, estimated from the planner's statistics and the size of the files. Reads no row. */
export type TableSize = { rows: number; bytes: number };

/** As many as fit of the narrowest rows: a table that was never analyzed is rather estimated too large. */
const maxRowsPerPage = 226;

export async function estimateSize(client: pg.Client, oid: number): Promise<TableSize> {
  const { rows } = await client.query<TableSize>(
    `select
       coalesce(round(sum(
         pg_relation_size(c.oid) / current_setting('block_size')::integer
         * case when c.relpages > 0 then c.reltuples / c.relpages else ${maxRowsPerPage} end)), 0)::double precision as rows,
       coalesce(sum(pg_table_size(c.oid)), 0)::double precision as bytes
     from pg_class c
     where c.oid in (select $1::oid union select relid from pg_partition_tree($1::oid::regclass))
       and c.relkind in ('r', 'm')`,
    [oid],
  );
  return rows[0]!;
}
