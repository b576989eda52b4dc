import type pg from "pg";
import type { BackupManifest, TableFingerprint } from "#database/backup/manifest.ts";

/** Larger tables are counted only. A month of messages is a table. */
const maxChecksumBytes = 256 * 2 ** 20;

type Table = { name: string; isSmall: boolean };

/** Taken before a backup: tells rows that existed then from later ones, also in the restored cluster. */
export async function readSnapshot(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ snapshot: string }>("select pg_current_snapshot()::text as snapshot");
  return rows[0]!.snapshot;
}

/**
 * Counts the rows of each table, and hashes those of tables that are not large. Rows that changed since `snapshot` are
 * counted apart: the chat goes on while a backup runs, so it has some of them and not others.
 * @param client  in a transaction that sees one moment
 * @param snapshot  null: all rows are counted as one. A dump has exactly those of its moment
 * @param schemas  the names of those that count; null: all
 */
export async function fingerprintTables(
  client: pg.Client,
  snapshot: string | null,
  schemas: string[] | null = null,
): Promise<TableFingerprint[]> {
  const { rows: tables } = await client.query<Table>(
    `
    select format('%I.%I', nspname, relname) as name, pg_relation_size(c.oid) <= ${maxChecksumBytes} as "isSmall"
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
  const found: TableFingerprint[] = [];
  if (snapshot === null) {
    for (const table of tables) found.push(await fingerprintAll(client, table));
    return found;
  }
  const age = await client.query<{ age: number }>("select age(pg_snapshot_xmin($1::pg_snapshot)::xid) as age", [
    snapshot,
  ]);
  for (const table of tables) found.push(await fingerprint(client, table, { snapshot, age: age.rows[0]!.age }));
  return found;
}

/** How far a row's xmin is behind the snapshot's end: xmin has 32 bits, and its half before the end counts as older. */
const behind = "((pg_snapshot_xmax($1::pg_snapshot)::text::bigint - xmin::text::bigint) & 4294967295)";

/** Nearly all rows are older than every transaction that ran at the snapshot: $2 is its age. The rest costs 10 times as much. */
const isOld = `
  case when age(xmin) > $2 then true when ${behind} between 1 and 2147483647
    then pg_visible_in_snapshot((pg_snapshot_xmax($1::pg_snapshot)::text::bigint - ${behind})::text::xid8, $1::pg_snapshot)
    else false
  end`;

const sumOfLines = "sum(hashtextextended(line, 0)::numeric)";

async function fingerprint(
  client: pg.Client,
  { name, isSmall }: Table,
  before: { snapshot: string; age: number },
): Promise<TableFingerprint> {
  const checksum = isSmall ? `coalesce(${sumOfLines} filter (where is_old), 0)` : "null";
  const { rows } = await client.query<{ rows: string; changed: string; checksum: string | null }>(
    `select count(*) filter (where is_old) as rows, count(*) filter (where not is_old) as changed, ${checksum}::text as checksum
     from (select prochat_row::text as line, ${isOld} as is_old from ${name} as prochat_row) as each`,
    [before.snapshot, before.age],
  );
  const [found] = rows;
  return {
    table: name,
    rows: Number(found!.rows),
    checksum: found!.checksum,
    changedRows: Number(found!.changed),
  };
}

async function fingerprintAll(client: pg.Client, { name, isSmall }: Table): Promise<TableFingerprint> {
  const { rows } = await client.query<{ rows: string; checksum: string | null }>(
    `select count(*) as rows, ${isSmall ? `coalesce(${sumOfLines}, 0)` : "null"}::text as checksum
     from (select prochat_row::text as line from ${name} as prochat_row) as each`,
  );
  const { rows: count, checksum } = rows[0]!;
  return { table: name, rows: Number(count), checksum, changedRows: 0 };
}

/** Counts the tables of a restored database as the backup counted them. @returns what they lack */
export async function compareWithBackup(
  client: pg.Client,
  { kind, snapshot, dump, tables }: Pick<BackupManifest, "kind" | "snapshot" | "dump" | "tables">,
): Promise<string[]> {
  const schemas = dump && [dump.homeSchema, dump.jobsSchema];
  return compareTables(tables, await fingerprintTables(client, kind === "logical" ? null : snapshot, schemas));
}

/** @returns what the restored tables lack, one line each; empty if they are as they were */
export function compareTables(before: TableFingerprint[], restored: TableFingerprint[]): string[] {
  return before.flatMap(({ table, rows, checksum }) => {
    const found = restored.find(each => each.table === table);
    if (!found) return [`the table ${table} is missing`];
    if (found.rows < rows) return [`${table} has ${found.rows} of ${rows} rows`];
    // More: rows that were changed or deleted after the copy had ended and before they were counted.
    const isComparable = found.rows === rows && checksum !== null && found.checksum !== null;
    return isComparable && found.checksum !== checksum ? [`the rows of ${table} have changed`] : [];
  });
}
