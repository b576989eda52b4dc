import type { UpdateStmt } from "libpg-query";
import { findTable, listLeaves, listPrimaryKey, quoteName, type Table } from "#database/migrations/session/catalog.ts";
import { patiently } from "#database/migrations/session/lock-retry.ts";
import { pause, type Session } from "#database/migrations/session/session.ts";
import { estimateSize } from "#database/migrations/session/table-size.ts";
import type { Statement } from "#database/migrations/sql/statements.ts";
import { runBatch } from "./batch.ts";
import { type CursorKey, findCursor, makeCursors } from "./cursor.ts";
import { type BackfillDraft, readBackfillDraft } from "./parse-update.ts";

const firstBatchRows = 500;
const leastBatchRows = 10;
const mostBatchRows = 10_000;
/** A batch holds the locks of its rows for about as long, and whoever writes one of them waits. */
const batchMs = 50;
const tellMs = 10_000;

/**
 * Does an update of a large table in batches along its primary key, partition by partition, and rests after each as long
 * as it took. How far it came is committed with each batch: one that was interrupted goes on from there.
 * @param run  of which migration, as in runSteps()
 */
export async function runBackfill(
  session: Session,
  run: string,
  statement: Statement,
  update: UpdateStmt,
): Promise<void> {
  const draft = await readBackfillDraft(statement, update);
  const table = await findTable(session.client, update.relation!);
  if (!table) throw new Error(`there is no table ${quoteName(update.relation!)}`);
  await makeCursors(session.client);
  for (const leaf of await listLeaves(session.client, table))
    await fillTable(session, { run, statement: statement.text, table: leaf.sql }, leaf, draft);
}

async function fillTable(session: Session, at: CursorKey, table: Table, draft: BackfillDraft): Promise<void> {
  const { client, log, signal } = session;
  const key = await listPrimaryKey(client, table);
  if (key.length === 0) throw new Error(`${table.sql} has no primary key, along which a backfill goes`);
  const { rows: total } = await estimateSize(client, table.oid);
  let cursor = await findCursor(client, at);
  let limit = firstBatchRows;
  for (let toldAt = Date.now(); !cursor.isDone; ) {
    const from = cursor;
    const { to, tookMs } = await patiently(session, `The backfill of ${table.name}`, async () => {
      const begun = performance.now();
      const to = await runBatch(session, { at, table, key, draft, from, limit });
      return { to, tookMs: performance.now() - begun };
    });
    cursor = to;
    limit = adaptLimit(limit, tookMs);
    if (cursor.isDone || Date.now() - toldAt > tellMs) {
      toldAt = Date.now();
      log.info(`Backfilled ${cursor.rows} of about ${Math.max(total, cursor.rows)} rows of ${table.name}`);
    }
    await pause(tookMs, signal);
  }
}

/** Halves or doubles at most, as a single time says little. */
function adaptLimit(limit: number, tookMs: number): number {
  const factor = Math.min(2, Math.max(0.5, batchMs / tookMs));
  return Math.min(mostBatchRows, Math.max(leastBatchRows, Math.round(limit * factor)));
}
