import { createHash } from "node:crypto";
import pg from "pg";
import { findIndex, listLeaves, quoteName, type Table } from "#database/migrations/session/catalog.ts";
import { patiently } from "#database/migrations/session/lock-retry.ts";
import { runStatement, type Session } from "#database/migrations/session/session.ts";
import { inTransaction } from "#database/migrations/session/transaction.ts";
import { buildIndex } from "./build-index.ts";
import type { IndexDraft } from "./parse-index.ts";

/** Bytes of a name, PostgreSQL's NAMEDATALEN - 1. */
const longestName = 63;

/**
 * What `create index concurrently` cannot do on a partitioned table: builds the index on each partition while it is read
 * and written, then makes them one index of the table in a moment's transaction. Until then the table has none, so that
 * an interrupted run leaves nothing half; what is built already is kept for the next one.
 */
export async function buildPartitionedIndex(session: Session, draft: IndexDraft, table: Table): Promise<void> {
  const before = await findIndex(session.client, { schemaname: table.schema, relname: draft.name });
  if (before?.isValid) return;
  if (before) throw new Error(`the index ${before.sql} is there but invalid: drop it, then start again`);
  for (let isDone = false; !isDone; ) {
    for (const partition of await listLeaves(session.client, table))
      await buildIndex(session, { ...draft, name: partitionIndexName(draft.name, table, partition) }, partition);
    isDone = await patiently(session, `The index ${draft.name}`, () => joinIndexes(session, draft, table));
  }
}

/** False, and nothing done, when a partition came meanwhile that has no such index yet. From here on none can come. */
function joinIndexes(session: Session, draft: IndexDraft, table: Table): Promise<boolean> {
  return inTransaction(session, async () => {
    const { client } = session;
    await client.query(`lock table only ${table.sql} in share mode`);
    const partitions = await listLeaves(client, table);
    const parts = partitions.map(each => quoteIn(each, partitionIndexName(draft.name, table, each)));
    const { rows: missing } = await client.query(
      "select from unnest($1::text[]) as part (name) where to_regclass(name) is null",
      [parts],
    );
    if (missing.length > 0) return false;
    const create = draft.isUnique ? "create unique index" : "create index";
    const statements = [
      `${create} ${pg.escapeIdentifier(draft.name)} on only ${table.sql} ${draft.definition}`,
      ...parts.map(part => `alter index ${quoteIn(table, draft.name)} attach partition ${part}`),
    ];
    await runStatement(session, statements.join(";\n")); // together, as writers wait
    return true;
  });
}

const quoteIn = ({ schema }: Table, name: string) => quoteName({ schemaname: schema, relname: name });

/** For messages_by_author of messages: messages_2026_11_by_author. One too long is cut, and told apart by a hash. */
export function partitionIndexName(index: string, table: Pick<Table, "name">, partition: Pick<Table, "name">): string {
  const ending = index.startsWith(`${table.name}_`) ? index.slice(table.name.length + 1) : index;
  const name = `${partition.name}_${ending}`;
  if (Buffer.byteLength(name) <= longestName) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${Buffer.from(name).toString("latin1", 0, longestName - 9)}_${hash}`;
}
