import type pg from "pg";
import type { BackupManifest, TableFingerprint, TableSample } from "#database/backup/manifest.ts";

/** The pages of a table that are hashed: all of a small one, and these many, spread evenly, of a large one. */
const sampledPages = 512;
/** Larger tables of a dump are counted only. A month of messages is a table. */
const maxDumpedBytes = 256 * 2 ** 20;

type Table = { name: string; bytes: number; percent: number };

/** Taken before a backup: tells rows that existed then from later ones, also in the restored cluster. */
export async function readSnapshot(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ snapshot: string }>("select pg_current_snapshot()::text as snapshot");
  return rows[0]!.snapshot;
}

export type TableSamples = Map<string, TableSample>;

/**
 * Hashes, of each table, the rows of a sample that have not changed since `snapshot`. To be called while the copy runs: afterwards
 * it would take as long again.
 * @param from  which samples to take, in a restored cluster: it has the same rows on the same pages
 */
export async function sampleTables(
  client: pg.Client,
  snapshot: string,
  from: TableFingerprint[] = [],
): Promise<TableSamples> {
  const samples: TableSamples = new Map();
  for (const { name, percent } of await listTables(client)) {
    const before = from.find(({ table }) => table === name)?.sample;
    samples.set(name, await sampleTable(client, { name, percent: before?.percent ?? percent }, snapshot));
  }
  return samples;
}

/** Counts, in each table, the rows that have not changed since `snapshot`. To be called when the copy has ended. */
export async function countTables(
  client: pg.Client,
  snapshot: string,
  samples: TableSamples,
): Promise<TableFingerprint[]> {
  const found: TableFingerprint[] = [];
  for (const { name } of await listTables(client)) {
    const { rows } = await read(client, { what: "'' as checksum", from: name }, snapshot);
    found.push({ table: name, rows, sample: samples.get(name) ?? null });
  }
  return found;
}

/** Both, in a cluster that was restored. @param before  of its source */
export const fingerprintTables = async (client: pg.Client, snapshot: string, before: TableFingerprint[]) =>
  countTables(client, snapshot, await sampleTables(client, snapshot, before));

/** The sum of the rows' hashes. A few types, such as json, have none: then of the rows as text, which takes three times as long. */
async function sampleTable(
  client: pg.Client,
  { name, percent }: Omit<Table, "bytes">,
  snapshot: string,
): Promise<TableSample> {
  const sample = percent === 100 ? "" : ` tablesample system (${percent}) repeatable (0)`;
  const sumOf = (hash: string) => {
    const sum = { what: `coalesce(sum(${hash}), 0)::text as checksum`, from: `${name} as prochat_row${sample}` };
    return read(client, sum, snapshot);
  };
  try {
    return { percent, ...(await sumOf("hash_record_extended(prochat_row, 0)")) };
  } catch (error) {
    if ((error as { code?: string }).code !== undefinedFunction) throw error;
    return { percent, ...(await sumOf(hashOfText)) };
  }
}

const hashOfText = "hashtextextended(prochat_row::text, 0)";
const undefinedFunction = "42883";

async function read(client: pg.Client, p: { what: string; from: string }, snapshot: string) {
  const { rows } = await client.query<{ rows: string; checksum: string }>(
    `select count(*) as rows, ${p.what} from ${p.from} where ${isOld}`,
    [snapshot],
  );
  return { rows: Number(rows[0]!.rows), checksum: rows[0]!.checksum };
}

/** @param schemas  null: those of all schemas */
async function listTables(client: pg.Client, schemas: string[] | null = null): Promise<Table[]> {
  const { rows } = await client.query<Table>(
    `
    select format('%I.%I', nspname, relname) as name,
      pg_relation_size(c.oid)::float as bytes,
      round(least(100, 100.0 * ${sampledPages} / greatest(1, pg_relation_size(c.oid) / 8192)), 3)::float as percent
    from pg_class as c
    join pg_namespace as n on n.oid = relnamespace
    where relkind = 'r'
      and relpersistence = 'p'
      and nspname !~ '^pg_'
      and nspname <> 'information_schema'
      and has_table_privilege(c.oid, 'select')
      and ($1::text[] is null or nspname = any($1))
    order by name`,
    [schemas],
  );
  return rows;
}

/** How far a row's xmin is behind the snapshot's end: xmin has 32 bits, and its half before the end counts as older. */
const behind = "((pg_snapshot_xmax($1::pg_snapshot)::text::bigint - xmin::text::bigint) & 4294967295)";

/** Nearly all rows are older than every transaction that ran at the snapshot. The rest costs 10 times as much. */
const isOld = `
  case when age(xmin) > (select age(pg_snapshot_xmin($1::pg_snapshot)::xid)) then true
    when ${behind} between 1 and 2147483647
    then pg_visible_in_snapshot((pg_snapshot_xmax($1::pg_snapshot)::text::bigint - ${behind})::text::xid8, $1::pg_snapshot)
    else false
  end`;

/**
 * Of a dump, which has exactly the rows of its moment, on other pages: all rows count, and those of tables that are not large are
 * hashed as text.
 * @param client  in a transaction that sees the moment
 * @param schemas  the names of those that are dumped
 */
export async function fingerprintDump(client: pg.Client, schemas: string[]): Promise<TableFingerprint[]> {
  const found: TableFingerprint[] = [];
  for (const { name, bytes } of await listTables(client, schemas)) {
    const checksum = bytes <= maxDumpedBytes ? `coalesce(sum(${hashOfText}), 0)::text` : "null";
    const { rows } = await client.query<{ rows: string; checksum: string | null }>(
      `select count(*) as rows, ${checksum} as checksum from ${name} as prochat_row`,
    );
    const [counted, sum] = [Number(rows[0]!.rows), rows[0]!.checksum];
    const sample = sum === null ? null : { percent: 100, rows: counted, checksum: sum };
    found.push({ table: name, rows: counted, sample });
  }
  return found;
}

/** Compares the tables of a restored database with what the backup says of them. @returns what they lack */
export async function compareWithBackup(
  client: pg.Client,
  { snapshot, dump, tables }: Pick<BackupManifest, "snapshot" | "dump" | "tables">,
): Promise<string[]> {
  const restored = dump
    ? await fingerprintDump(client, [dump.homeSchema, dump.jobsSchema])
    : await fingerprintTables(client, snapshot, tables);
  return compareTables(tables, restored);
}

/** @returns what the restored tables lack, one line each; empty if they are as they were */
export function compareTables(before: TableFingerprint[], restored: TableFingerprint[]): string[] {
  return before.flatMap(({ table, rows, sample }) => {
    const found = restored.find(each => each.table === table);
    if (!found) return [`the table ${table} is missing`];
    if (found.rows < rows) return [`${table} has ${found.rows} of ${rows} rows`];
    // Rows can only leave: as many are the same ones. Others were changed or deleted between the sample and the copy's end.
    const isComparable = sample !== null && sample.rows === found.sample?.rows;
    return isComparable && found.sample?.checksum !== sample.checksum ? [`the rows of ${table} have changed`] : [];
  });
}
