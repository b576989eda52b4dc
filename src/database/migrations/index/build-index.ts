import pg from "pg";
import { findIndex, type Index, type Name, quoteName, type Table } from "#database/migrations/session/catalog.ts";
import { patiently } from "#database/migrations/session/lock-retry.ts";
import { lockWaitMs, runStatement, type Session } from "#database/migrations/session/session.ts";
import type { IndexDraft } from "./parse-index.ts";
import { tellProgress } from "./progress.ts";

/** A deadlock's other side may have been somebody's own statement: the next try may have none. */
const mostTries = 5;
/** Who stops the program waits for this at most. */
const removeBoundMs = 30_000;

/**
 * Builds an index while the table is read and written. One that is there and valid is kept; what an interrupted run left
 * is dropped first, and what this one would leave when it fails.
 */
export async function buildIndex(session: Session, draft: IndexDraft, table: Table): Promise<void> {
  const name = { schemaname: table.schema, relname: draft.name };
  const before = await findIndex(session.client, name);
  if (before && before.tableOid !== table.oid) throw new Error(`${before.sql} is another table's; choose another name`);
  if (before?.isValid) return;
  if (before) await dropConcurrently(session, before);
  session.log.info(`Building the index ${draft.name} on ${table.name}`);
  const create = draft.isUnique ? "create unique index concurrently" : "create index concurrently";
  const text = `${create} ${pg.escapeIdentifier(draft.name)} on ${table.sql} ${draft.definition}`;
  for (let tries = 1; ; tries++) {
    try {
      return await runWaiting(session, text);
    } catch (error) {
      await removeInvalid(session, name);
      if ((error as { code?: string }).code !== "40P01" || tries === mostTries) throw error;
    }
  }
}

/** Drops an index, keeping nobody from its table where PostgreSQL can. Nothing to drop is no failure. */
export async function dropIndex(session: Session, name: Name): Promise<void> {
  const index = await findIndex(session.client, name);
  if (!index) return;
  session.log.info(`Dropping the index ${index.sql}`);
  if (index.isPartitioned) return dropAtOnce(session, index);
  try {
    await dropConcurrently(session, index);
  } catch (error) {
    await removeInvalid(session, name); // halfway through it is invalid already
    throw error;
  }
}

/** Removes what a failed statement left behind. Its failure is the one to tell, not this one's. */
async function removeInvalid(session: Session, name: Name): Promise<void> {
  try {
    const index = await findIndex(session.client, name);
    const untilDone = { ...session, signal: new AbortController().signal };
    if (index && !index.isValid) await dropAtOnce(untilDone, index, removeBoundMs);
  } catch {
    session.log.warn(`The unfinished index ${quoteName(name)} could not be dropped; the next run drops it.`);
  }
}

/**
 * Locks everybody out, but only for the moment that changing the catalogue takes: the files go after the commit. For an
 * index of a partitioned table PostgreSQL has no other way.
 */
async function dropAtOnce(session: Session, { sql }: Index, boundMs?: number): Promise<void> {
  await patiently(session, `Dropping ${sql}`, () => runStatement(session, `drop index if exists ${sql}`), boundMs);
}

const dropConcurrently = (session: Session, { sql }: Index) =>
  runWaiting(session, `drop index concurrently if exists ${sql}`);

/** Runs what waits until old transactions have ended, however long they take; it keeps nobody out meanwhile. */
async function runWaiting(session: Session, text: string): Promise<void> {
  const stopTelling = tellProgress(session);
  await session.client.query("set lock_timeout = 0");
  try {
    await runStatement(session, text);
  } finally {
    stopTelling();
    await session.client.query(`set lock_timeout = ${lockWaitMs}`).catch(() => {}); // the connection may have broken
  }
}
