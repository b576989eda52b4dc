import { withLockRetry } from "#database/migrations/session/lock-retry.ts";
import { runStatement, type Session } from "#database/migrations/session/session.ts";
import { tableOfMonth } from "#database/partitions/months.ts";
import { AppError } from "#protocol/errors.ts";

/** The table of which a month is a partition; null: of none, it waits for its end. */
type Parent = "messages" | "messages_archive" | null;

type Move = {
  /** such as 2026-08 */
  month: string;
  from: Parent;
  to: Parent;
  /** SQL that sets the month's row, in the same transaction */
  record: string;
  /** Then it gives up, and the next night tries again. Default: two minutes. */
  maxRetryMs?: number;
};

const usualRetryMs = 2 * 60_000;

/**
 * Moves a month from one parent to another without reading a row. Readers wait for some milliseconds and never miss a
 * message: both statements are one transaction, and the month's table keeps its name.
 *
 * It locks the parents before the month, as statements on `messages` do; the other way round each try would meet one.
 * @throws AppError "lock_not_available" naming the holder if others held the tables for two minutes; nothing changed
 */
export async function moveMonth(
  session: Session,
  { month, from, to, record, maxRetryMs = usualRetryMs }: Move,
): Promise<void> {
  const table = tableOfMonth(month);
  await requireBounds(session, table);
  if (to) await requireIndexes(session, table, to);
  const parents = [from, to].filter(parent => parent !== null).join(", ");
  const bounds = `select from_id, until_id from message_months where month = '${month}-01'`;
  const { rows } = await runStatement(session, bounds);
  const { from_id, until_id } = rows[0];
  // In one message: no lock waits for this process.
  const text = `
    begin;
    lock table ${parents} in access exclusive mode;
    ${from ? `alter table ${from} detach partition ${table};` : ""}
    ${to ? `alter table ${to} attach partition ${table} for values from ('${from_id}') to ('${until_id}');` : ""}
    update message_months set ${record} where month = '${month}-01';
    commit`;
  await withLockRetry(session, `The move of ${month}`, () => inTransaction(session, text), maxRetryMs);
}

/** Runs statements in one message; the last one may be a commit. */
export async function inTransaction(session: Session, text: string): Promise<void> {
  try {
    await runStatement(session, text);
  } catch (error) {
    await session.client.query("rollback");
    throw error;
  }
}

/** Without its bounds as a valid check, PostgreSQL would read the whole month while it holds the locks. */
async function requireBounds(session: Session, table: string): Promise<void> {
  const { rows } = await runStatement(
    session,
    "select convalidated from pg_constraint where conrelid = $1::regclass and conname = 'month_bounds'",
    [table],
  );
  if (rows[0]?.convalidated) return;
  if (!rows[0]) throw broken(`The table ${table} has no check month_bounds`);
  await withLockRetry(session, `The check of ${table}`, () =>
    runStatement(session, `alter table ${table} validate constraint month_bounds`),
  );
}

/** An index that the month lacks would be built while the locks are held. */
async function requireIndexes(session: Session, table: string, parent: string): Promise<void> {
  const { rows } = await runStatement(
    session,
    `select substring(pg_get_indexdef(indexrelid) from ' USING .*') as missing
     from pg_index where indrelid = $1::regclass
     except
     select substring(pg_get_indexdef(indexrelid) from ' USING .*')
     from pg_index where indrelid = $2::regclass and indisvalid`,
    [parent, table],
  );
  if (rows[0]) throw broken(`The table ${table} lacks an index that ${parent} has:${rows[0].missing}`);
}

const broken = (what: string) =>
  new AppError("database_failed", `${what}, so it was not moved. prochat verify lists what the database lacks.`);
