import type { UpdateStmt } from "libpg-query";
import { findTable, listLeaves, listPrimaryKey, quoteName, type Table } from "#database/migrations/session/catalog.ts";
import { withLockRetry } from "#database/migrations/session/lock-retry.ts";
import { pause } from "#database/migrations/session/pause.ts";
import type { Session } from "#database/migrations/session/session.ts";
import { estimateSize } from "#database/migrations/session/table-size.ts";
import type { Statement } from "#database/migrations/sql/statements.ts";
import { runBatch } from "./batch.ts";
import { type CursorKey, createCursors, findCursor } from "./cursor.ts";
import { type ParsedUpdate, parseUpdate } from "./parse-update.ts";

const firstBatchRows = 500;
const minBatchRows = 10;
const maxBatchRows = 10_000;
/** A batch locks its rows for about this time, and other writers of these rows wait. */
const batchMs = 50;
const logEveryMs = 10_000;

/**
 * Runs an update of a large table in batches along its primary key, partition by partition. After each batch it pauses
 * for as long as the batch took. Each batch commits its cursor, so an interrupted backfill continues from there.
 * @param run  the run of the migration, as in runSteps()
 */
export async function runBackfill(
  session: Session,
  run: string,
  statement: Statement,
  update: UpdateStmt,
): Promise<void> {
  const parsed = await parseUpdate(statement, update);
  const table = await findTable(session.client, update.relation!);
  if (!table) throw new Error(`there is no table ${quoteName(update.relation!)}`);
  await createCursors(session.client);
  for (const leaf of await listLeaves(session.client, table))
    await fillTable(session, { run, statement: statement.text, table: leaf.sql }, leaf, parsed);
}

async function fillTable(session: Session, at: CursorKey, table: Table, update: ParsedUpdate): Promise<void> {
  const { client, log, signal } = session;
  const key = await listPrimaryKey(client, table);
  if (key.length === 0) throw new Error(`${table.sql} has no primary key, which a backfill needs for its batches`);
  const { rows: total } = await estimateSize(client, table.oid);
  let cursor = await findCursor(client, at);
  let maxRows = firstBatchRows;
  for (let loggedAt = Date.now(); !cursor.isDone; ) {
    const from = cursor;
    const { to, tookMs } = await withLockRetry(session, `The backfill of ${table.name}`, async () => {
      const startedAt = performance.now();
      const to = await runBatch(session, { at, table, key, update, from, maxRows });
      return { to, tookMs: performance.now() - startedAt };
    });
    cursor = to;
    maxRows = adaptBatch(maxRows, tookMs);
    if (cursor.isDone || Date.now() - loggedAt > logEveryMs) {
      loggedAt = Date.now();
      log.info(`Backfilled ${cursor.rows} of about ${Math.max(total, cursor.rows)} rows of ${table.name}`);
    }
    await pause(tookMs, signal);
  }
}

/** At most doubles or halves the batch: one measured time is not reliable. */
function adaptBatch(maxRows: number, tookMs: number): number {
  const factor = Math.min(2, Math.max(0.5, batchMs / tookMs));
  return Math.min(maxBatchRows, Math.max(minBatchRows, Math.round(maxRows * factor)));
}
