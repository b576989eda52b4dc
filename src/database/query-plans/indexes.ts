import type pg from "pg";
import { homeSchema } from "#database/home-schema.ts";
import { expectedIndexes as expectedInPublic } from "./expected-indexes.ts";

export type Index = {
  name: string;
  table: string;
  /** without its name: equal texts are equal indexes */
  definition: string;
  /** false: its build has not finished or has failed; for a partitioned table also if a partition lacks the index */
  valid: boolean;
  /** enforces a constraint (unique, primary key): needed even if no query uses it */
  unique: boolean;
  /** of the index or its partitions, since the last reset of the statistics */
  scans: number;
  sizeBytes: number;
};

export type IndexReport = {
  /** the definitions that the product needs and the database lacks */
  missing: string[];
  invalid: Index[];
  /** each follows the index that it repeats */
  duplicate: Index[];
  /** not made by the migrations, larger than a few pages and not used; only a hint, because statistics can be reset */
  unused: Index[];
  /** made by the migrations, but not used yet: their queries have not run */
  waiting: Index[];
  /** since when scans are counted */
  countedSince: Date | null;
};

/** Compares the indexes of a database with those that the migrations make. */
export async function checkIndexes(client: pg.ClientBase): Promise<IndexReport> {
  const indexes = await listIndexes(client);
  const { rows } = await client.query<{ since: Date | null; schema: string }>(
    `select stats_reset as since, quote_ident(nspname) as schema
     from pg_stat_database, pg_namespace
     where datname = current_database() and pg_namespace.oid = ${homeSchema}`,
  );
  const expectedIndexes = expectedInPublic.map(definition =>
    definition.replace(" ON public.", () => ` ON ${rows[0]!.schema}.`),
  );
  const unused = indexes.filter(
    index => index.valid && index.scans === 0 && !index.unique && index.sizeBytes > smallBytes,
  );
  const needed = new Set(expectedIndexes);
  const existing = new Set(indexes.filter(index => index.valid).map(index => index.definition));
  return {
    missing: expectedIndexes.filter(definition => !existing.has(definition)),
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

/**
 * The indexes of the product's tables. That of a partitioned table has the sums of its partitions' indexes, which are
 * listed only if they belong to no such index.
 */
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
    where index.relnamespace = ${homeSchema}
      and not index.relispartition
      and indrelid::regclass::text !~ '\\ymessages_\\d{4}_\\d\\d$' -- a month that waits for its end
      and not starts_with(indrelid::regclass::text, 'pgmigrations')
    group by index.oid, index.relname, indrelid, indisvalid, indisready, indisunique
    order by indrelid::regclass::text, indisunique desc, index.oid`);
  return rows;
}
