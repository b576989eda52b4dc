import { createHash } from "node:crypto";
import pg from "pg";
import { findIndex, listLeaves, quoteName, type Table } from "#database/migrations/session/catalog.ts";
import { withLockRetry } from "#database/migrations/session/lock-retry.ts";
import { runStatement, type Session } from "#database/migrations/session/session.ts";
import { inTransaction } from "#database/migrations/session/transaction.ts";
import { buildIndex } from "./build-index.ts";
import type { ParsedIndex } from "./parse-index.ts";

/** PostgreSQL's NAMEDATALEN - 1. */
const maxNameBytes = 63;

/**
 * Builds an index on a partitioned table, where `create index concurrently` is not possible. It builds one on each
 * partition while that is read and written, then joins them to one index of the table in a short transaction. Until then
 * the table has no such index: an interrupted run leaves the partitions' indexes, and the next run keeps them.
 */
export async function buildPartitionedIndex(session: Session, index: ParsedIndex, table: Table): Promise<void> {
  const before = await findIndex(session.client, { schemaname: table.schema, relname: index.name });
  if (before?.isValid) return;
  if (before) throw new Error(`the index ${before.sql} exists but is invalid: drop it, then start again`);
  for (let isDone = false; !isDone; ) {
    for (const partition of await listLeaves(session.client, table))
      await buildIndex(session, { ...index, name: partitionIndexName(index.name, table, partition) }, partition);
    isDone = await withLockRetry(session, `The index ${index.name}`, () => joinIndexes(session, index, table));
  }
}

/** False if a new partition has no such index yet; then nothing is changed. The lock prevents further partitions. */
function joinIndexes(session: Session, index: ParsedIndex, table: Table): Promise<boolean> {
  return inTransaction(session, async () => {
    const { client } = session;
    await client.query(`lock table only ${table.sql} in share mode`);
    const partitions = await listLeaves(client, table);
    const parts = partitions.map(each => quoteIn(each, partitionIndexName(index.name, table, each)));
    const { rows: missing } = await client.query(
      "select from unnest($1::text[]) as part (name) where to_regclass(name) is null",
      [parts],
    );
    if (missing.length > 0) return false;
    const create = index.isUnique ? "create unique index" : "create index";
    const statements = [
      `${create} ${pg.escapeIdentifier(index.name)} on only ${table.sql} ${index.definition}`,
      ...parts.map(part => `alter index ${quoteIn(table, index.name)} attach partition ${part}`),
    ];
    await runStatement(session, statements.join(";\n")); // in one round trip, as writers wait
    return true;
  });
}

const quoteIn = ({ schema }: Table, name: string) => quoteName({ schemaname: schema, relname: name });

/** For messages_by_author of messages: messages_2026_11_by_author. A name that is too long is cut and ends with a hash. */
export function partitionIndexName(index: string, table: Pick<Table, "name">, partition: Pick<Table, "name">): string {
  const ending = index.startsWith(`${table.name}_`) ? index.slice(table.name.length + 1) : index;
  const name = `${partition.name}_${ending}`;
  if (Buffer.byteLength(name) <= maxNameBytes) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${Buffer.from(name).toString("latin1", 0, maxNameBytes - 9)}_${hash}`;
}
