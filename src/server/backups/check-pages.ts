import type pg from "pg";
import { AppError } from "#protocol/errors.ts";

type Relation = { name: string; kind: "table" | "btree" | "other" };

/**
 * Reads all that the cluster's database holds: amcheck compares each table with its own rules and each B-tree with its table;
 * other indexes are read, which compares the checksum of each page.
 * @param client  of a superuser
 * @throws AppError "backup_damaged" naming what is damaged
 */
export async function checkPages(client: pg.Client): Promise<void> {
  await client.query("create extension if not exists amcheck; create extension if not exists pg_prewarm");
  const { rows } = await client.query<Relation>(`
    select c.oid::regclass::text as name,
      case when relkind in ('r', 't', 'm') then 'table' when amname = 'btree' then 'btree' else 'other' end as kind
    from pg_class as c
    left join pg_am as a on a.oid = relam
    left join pg_index as i on indexrelid = c.oid
    where relkind in ('r', 't', 'm', 'i')
      and relpersistence = 'p'
      and coalesce(indisvalid, true)
    order by c.oid`);
  for (const relation of rows) await checkRelation(client, relation);
}

async function checkRelation(client: pg.Client, { name, kind }: Relation): Promise<void> {
  try {
    const { rows } = await client.query<{ problem: string | null }>(checks[kind], [name]);
    const problem = rows.find(row => row.problem)?.problem;
    if (problem) throw new Error(problem);
  } catch (cause) {
    throw new AppError("backup_damaged", `${name} is damaged: ${(cause as Error).message}`, { cause });
  }
}

const checks: Record<Relation["kind"], string> = {
  table: "select msg as problem from verify_heapam($1::regclass, on_error_stop => true)",
  btree: "select bt_index_check($1::regclass, heapallindexed => true)::text as problem",
  other: "select nullif(pg_prewarm($1::regclass, 'buffer') >= 0, true)::text as problem",
};
