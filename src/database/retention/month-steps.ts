import { withLockRetry } from "#database/migrations/session/lock-retry.ts";
import { runStatement, type Session } from "#database/migrations/session/session.ts";
import { tableOfMonth } from "#database/partitions/months.ts";
import type { Month } from "./months.ts";
import { inTransaction, moveMonth } from "./move-month.ts";

/*
 * The steps of a month, each one transaction: after kill -9 a month is before a step or behind it. `at` is the time of the
 * run, which is the database's.
 */

export const archiveMonth = (session: Session, { month }: Month, at: Date) =>
  moveMonth(session, {
    month,
    from: "messages",
    to: "messages_archive",
    record: `state = 'archived', archived_at = '${at.toISOString()}'`,
  });

/** Back to `messages`: a wrong clock has archived it too early. */
export const unarchiveMonth = (session: Session, { month }: Month) =>
  moveMonth(session, {
    month,
    from: "messages_archive",
    to: "messages",
    record: "state = 'live', archived_at = null",
  });

export const detachMonth = (session: Session, { month }: Month, at: Date) =>
  moveMonth(session, {
    month,
    from: "messages_archive",
    to: null,
    record: `state = 'detached', detached_at = '${at.toISOString()}'`,
  });

/** Back to the archive: it is not to be deleted any more. Its export stays in the storage until the next one. */
export async function keepMonth(session: Session, { month, state }: Month): Promise<void> {
  const record = "state = 'archived', exported_at = null, detached_at = null";
  if (state === "detached") await moveMonth(session, { month, from: null, to: "messages_archive", record });
  else await runStatement(session, `update message_months set ${record} where month = $1`, [`${month}-01`]);
}

/** From now on a change of the month's messages is recorded. Waits until those who write there have ended. */
export async function watchChanges(session: Session, { month }: Month): Promise<void> {
  const table = tableOfMonth(month);
  const text = `
    begin;
    drop trigger if exists note_change on ${table};
    create trigger note_change after insert or update or delete on ${table}
      for each row execute function note_month_change('${month}-01');
    update message_months set is_changed = false where month = '${month}-01';
    commit`;
  await withLockRetry(session, `The export of ${month}`, () => inTransaction(session, text));
}

export type Exported = { key: string; conversations: number; messages: number };

/** @returns false if a message was changed since watchChanges(): the export does not have it */
export async function recordExport(session: Session, { month }: Month, exported: Exported, at: Date): Promise<boolean> {
  const { rowCount } = await runStatement(
    session,
    `update message_months
     set state = case when state = 'archived' then 'exported' else state end, exported_at = $2, export_key = $3,
       conversations = $4, messages = $5
     where month = $1 and not is_changed`,
    [`${month}-01`, at, exported.key, exported.conversations, exported.messages],
  );
  return rowCount === 1;
}

export async function countMessages(session: Session, { month }: Month): Promise<number> {
  const { rows } = await runStatement(session, `select count(*)::float as count from ${tableOfMonth(month)}`);
  return rows[0].count;
}

/**
 * Deletes a detached month for ever. Under the locks it looks once more: a hold may have been placed, or a message changed,
 * a moment ago. @returns false if so; nothing changed
 */
export async function dropMonth(session: Session, { month, fromId, untilId }: Month, at: Date): Promise<boolean> {
  const table = tableOfMonth(month);
  const words = await findWordsOf(session, table);
  const all = words ? `only message_search, ${words}, ${table}` : table;
  const lock = `begin; lock table holds in share mode; lock table ${all} in access exclusive mode`;
  await withLockRetry(session, `The deletion of ${month}`, () => inTransaction(session, lock));
  try {
    const { rows } = await runStatement(
      session,
      `select not is_changed and state = 'detached' and not exists (
         select
         from holds h
         where h.target_kind = 'conversation' and h.target_id >= $2 and h.target_id < $3
           or h.target_kind = 'visitor' and exists (
             select
             from conversations c
             where c.website_id = h.website_id and c.visitor_id = h.target_id and c.id >= $2 and c.id < $3)) as free
       from message_months
       where month = $1`,
      [`${month}-01`, fromId, untilId],
    );
    if (!rows[0]?.free) return false;
    await runStatement(session, `drop table ${words ? `${words}, ` : ""}${table}`);
    await runStatement(session, "update message_months set state = 'dropped', dropped_at = $2 where month = $1", [
      `${month}-01`,
      at,
    ]);
    await runStatement(session, "commit");
    return true;
  } finally {
    await session.client.query("rollback"); // after the commit it does nothing but warn
  }
}

/** The table with the words of a month, which goes with it; null: there is none. */
async function findWordsOf(session: Session, table: string): Promise<string | null> {
  const words = table.replace("messages", "message_search");
  const { rows } = await runStatement(session, "select to_regclass($1) is not null as exists", [words]);
  return rows[0].exists ? words : null;
}
