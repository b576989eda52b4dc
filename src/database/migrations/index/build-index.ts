import pg from "pg";
import { findIndex, type Index, type Name, quoteName, type Table } from "#database/migrations/session/catalog.ts";
import { withLockRetry } from "#database/migrations/session/lock-retry.ts";
import { lockWaitMs, runStatement, type Session } from "#database/migrations/session/session.ts";
import type { ParsedIndex } from "./parse-index.ts";
import { logProgress } from "./progress.ts";

/** A deadlock with a statement of another session may not happen again at the next try. */
const maxTries = 5;
/** A program that must stop waits this long at most for the removal of an unfinished index. */
const maxRemoveMs = 30_000;

/**
 * Builds an index while the table is read and written. A valid index of that name is kept. An invalid one, left by an
 * interrupted run, is dropped first. If this build fails, its unfinished index is dropped too.
 */
export async function buildIndex(session: Session, index: ParsedIndex, table: Table): Promise<void> {
  const name = { schemaname: table.schema, relname: index.name };
  const before = await findIndex(session.client, name);
  if (before && before.tableOid !== table.oid)
    throw new Error(`${before.sql} belongs to another table; choose another name`);
  if (before?.isValid) return;
  if (before) await dropConcurrently(session, before);
  session.log.info(`Building the index ${index.name} on ${table.name}`);
  const create = index.isUnique ? "create unique index concurrently" : "create index concurrently";
  const text = `${create} ${pg.escapeIdentifier(index.name)} on ${table.sql} ${index.definition}`;
  for (let tries = 1; ; tries++) {
    try {
      return await runWaiting(session, text);
    } catch (error) {
      await removeInvalid(session, name);
      if ((error as { code?: string }).code !== "40P01" || tries === maxTries) throw error;
    }
  }
}

/** Drops an index, without blocking its table where PostgreSQL can. Does nothing if it does not exist. */
export async function dropIndex(session: Session, name: Name): Promise<void> {
  const index = await findIndex(session.client, name);
  if (!index) return;
  session.log.info(`Dropping the index ${index.sql}`);
  if (index.isPartitioned) return dropAtOnce(session, index);
  try {
    await dropConcurrently(session, index);
  } catch (error) {
    await removeInvalid(session, name); // a drop that stopped halfway leaves it invalid
    throw error;
  }
}

/** Drops the invalid index that a failed statement left. The caller reports that failure, so this one only warns. */
async function removeInvalid(session: Session, name: Name): Promise<void> {
  try {
    const index = await findIndex(session.client, name);
    const untilDone = { ...session, signal: new AbortController().signal };
    if (index && !index.isValid) await dropAtOnce(untilDone, index, maxRemoveMs);
  } catch {
    session.log.warn(`The unfinished index ${quoteName(name)} could not be dropped; the next run drops it.`);
  }
}

/**
 * Blocks the whole table, but only while the catalogue changes: the files are deleted after the commit. PostgreSQL drops
 * an index of a partitioned table in no other way.
 */
async function dropAtOnce(session: Session, { sql }: Index, maxMs?: number): Promise<void> {
  await withLockRetry(session, `Dropping ${sql}`, () => runStatement(session, `drop index if exists ${sql}`), maxMs);
}

const dropConcurrently = (session: Session, { sql }: Index) =>
  runWaiting(session, `drop index concurrently if exists ${sql}`);

/** Runs a statement that waits for older transactions to end, without a time limit: meanwhile it blocks no other transaction. */
async function runWaiting(session: Session, text: string): Promise<void> {
  const stopLogging = logProgress(session);
  await session.client.query("set lock_timeout = 0");
  try {
    await runStatement(session, text);
  } finally {
    stopLogging();
    await session.client.query(`set lock_timeout = ${lockWaitMs}`).catch(() => {}); // the connection may be broken
  }
}
