import type pg from "pg";
import type { Peer } from "./peers/peer.ts";
import type { Storage } from "./queries-report.ts";

/** Settings while a peer is built: more memory than in production. */
const building = `
  set maintenance_work_mem = '1GB';
  set max_parallel_maintenance_workers = 2;
  set work_mem = '512MB';
  set synchronous_commit = off`;

/** Fills a peer's tables from the product's, indexes and analyzes them. The search path begins with the peer's schema. */
export async function buildPeer(client: pg.Client, peer: Peer, { trigrams }: { trigrams: boolean }): Promise<void> {
  await dropPeer(client, peer);
  await client.query(`create schema ${peer.schema}`);
  await client.query(building);
  await client.query(peer.tables);
  for (const statement of peer.fill) {
    await client.query(statement);
    await client.query("analyze"); // the next statement joins what this one filled
  }
  for (const statement of peer.indexes) await client.query(statement);
  if (trigrams && peer.trigrams.length > 0) {
    await client.query("create extension if not exists pg_trgm schema public");
    for (const statement of peer.trigrams) await client.query(statement);
  }
  const { rows } = await client.query(
    "select relname from pg_class where relnamespace = $1::regnamespace and relkind = 'r'",
    [peer.schema],
  );
  await client.query(`vacuum (analyze) ${rows.map(({ relname }) => `"${relname}"`).join(", ")}`);
  await client.query("checkpoint");
}

export async function dropPeer(client: pg.Client, { schema }: Peer): Promise<void> {
  await client.query(`drop schema if exists ${schema} cascade`);
}

/** Makes the product's indexes, which grew with its rows, as compact as a peer's new ones. */
export async function reindex(client: pg.Client): Promise<void> {
  await client.query(building);
  for (const table of ["messages", "conversations", "visitors"]) await client.query(`reindex table ${table}`);
  await client.query("vacuum (analyze) messages, conversations, visitors");
  await client.query("checkpoint");
}

/** Bytes of the messages: heap with its TOAST, and indexes. @param table  found by the search path; partitions count */
export async function measureStorage(client: pg.Client, table: string): Promise<Storage> {
  const { rows } = await client.query<Record<keyof Storage, string>>(
    `select (select count(*) from "${table}") as messages,
       sum(pg_table_size(relid)) as "heapBytes",
       coalesce(sum(trigrams.bytes), 0) as "trigramBytes",
       sum(pg_indexes_size(relid)) - coalesce(sum(trigrams.bytes), 0) as "indexBytes"
     from (
       select relid from pg_partition_tree($1::text::regclass) where isleaf
       union
       select oid from pg_class where oid = $1::text::regclass and relkind = 'r'
     ) as part
     left join lateral (
       select sum(pg_relation_size(i.indexrelid)) as bytes
       from pg_index i
       where i.indrelid = part.relid and pg_get_indexdef(i.indexrelid) like '%gin_trgm_ops%'
     ) as trigrams on true`,
    [`"${table}"`],
  );
  const { messages, heapBytes, indexBytes, trigramBytes } = rows[0]!;
  return {
    messages: Number(messages),
    heapBytes: Number(heapBytes),
    indexBytes: Number(indexBytes),
    trigramBytes: Number(trigramBytes),
  };
}
