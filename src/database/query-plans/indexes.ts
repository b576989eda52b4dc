import type pg from "pg";
import { expectedIndexes } from "./expected-indexes.ts";

export type Index = {
  name: string;
  table: string;
  /** without its name: equal texts are equal indexes */
  definition: string;
  /** an unfinished or failed build, or of a partitioned table one that not every partition has */
  valid: boolean;
  /** keeps a rule (unique, primary key), used or not */
  unique: boolean;
  /** of the index or its partitions, since the statistics began */
  scans: number;
  sizeBytes: number;
};

export type IndexReport = {
  /** the definitions that the product needs and the database lacks */
  missing: string[];
  invalid: Index[];
  /** each after the one that it repeats */
  duplicate: Index[];
  /** that the migrations do not make, larger than a few pages; a hint, for statistics begin anew when somebody resets them */
  unused: Index[];
  /** that the migrations do make: a query waits to use them, and nobody has asked it yet */
  waiting: Index[];
  /** since when scans are counted */
  countedSince: Date | null;
};

/** Compares the indexes of a database with those that the migrations make. */
export async function checkIndexes(client: pg.ClientBase): Promise<IndexReport> {
  const indexes = await listIndexes(client);
  const { rows } = await client.query<{ since: Date | null }>(
    "select stats_reset as since from pg_stat_database where datname = current_database()",
  );
  const unused = indexes.filter(
    index => index.valid && index.scans === 0 && !index.unique && index.sizeBytes > smallBytes,
  );
  const needed = new Set(expectedIndexes);
  const there = new Set(indexes.filter(index => index.valid).map(index => index.definition));
  return {
    missing: expectedIndexes.filter(definition => !there.has(definition)),
    invalid: indexes.filter(index => !index.valid),
    duplicate: indexes.filter((index, i) => indexes.findIndex(other => isSame(index, other)) < i),
    unused: unused.filter(index => !needed.has(index.definition)),
    waiting: unused.filter(index => needed.has(index.definition)),
    countedSince: rows[0]?.since ?? null,
  };
}

const smallBytes = 64 * 8192;

const isSame = (a: Index, b: Index) => a.table === b.table && withoutUnique(a) === withoutUnique(b);
const withoutUnique = ({ definition }: Index) => definition.replace("UNIQUE ", "");

/** Those of the product's tables; a partitioned table's with the sums of its partitions, and these only when alone. */
export async function listIndexes(client: pg.ClientBase): Promise<Index[]> {
  const { rows } = await client.query<Index>(`
    select index.relname as name, indrelid::regclass::text as table,
      regexp_replace(pg_get_indexdef(index.oid), ' INDEX \\S+ ON (ONLY )?', ' INDEX ON ') as definition,
      indisvalid and indisready as valid, indisunique as unique,
      coalesce(sum(used.idx_scan), 0)::float as scans,
      sum(pg_relation_size(member))::float as "sizeBytes"
    from pg_index
    join pg_class as index on index.oid = indexrelid
    left join lateral pg_partition_tree(index.oid) as part on true
    cross join lateral coalesce(part.relid, index.oid) as member
    left join pg_stat_user_indexes as used on used.indexrelid = member
    where index.relnamespace = 'public'::regnamespace
      and not index.relispartition
      and not starts_with(indrelid::regclass::text, 'pgmigrations')
    group by index.oid, index.relname, indrelid, indisvalid, indisready, indisunique
    order by indrelid::regclass::text, indisunique desc, index.oid`);
  return rows;
}
