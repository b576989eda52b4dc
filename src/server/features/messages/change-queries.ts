import { ofLiveConversation } from "#database/conditions.ts";
import type { Db } from "#database/connect.ts";
import { isMissingTable } from "#database/failures.ts";
import { undoable } from "#database/lifecycle/undoable.ts";
import { monthGone } from "#database/partitions/month-gone.ts";
import { monthOf, partitionOf } from "#database/partitions/months.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { raw, sql } from "#database/sql.ts";
import { limits } from "#protocol/limits.ts";
import { type MessageRow, messageColumns } from "./message.ts";

type Key = { websiteId: number; conversationId: string };

const newId = "00000000-0000-7000-8000-000000000000";

/**
 * @returns `isOld`: a visitor may not change it any more; null if there is no such message
 * @throws AppError "month_gone" if the month was deleted
 */
export const findMessage = defineQuery(
  {
    name: "a message",
    indexes: ["messages_by_id", "memberships_pkey"],
    buffers: 10,
    includesDeleted: { memberships: ofLiveConversation.memberships },
    sample: key => [{ ...key, id: newId }],
  },
  async (tx: Db, p: Key & { id: string }): Promise<(MessageRow & { isOld: boolean }) | null> => {
    const find = sql<MessageRow & { isOld: boolean }>`
      select ${messageColumns(p.websiteId)},
        m.created_at < now() - make_interval(secs => ${limits.visitorEditMs / 1000}) as "isOld"
      from ${raw(partitionOf(p.conversationId))} m
      where m.website_id = ${p.websiteId}
        and m.conversation_id = ${p.conversationId}
        and m.id = ${p.id}`;
    try {
      return (await find.rows(tx))[0] ?? null;
    } catch (cause) {
      if (isMissingTable(cause)) throw monthGone(monthOf(p.conversationId), cause);
      throw cause;
    }
  },
);

/**
 * Edits or deletes a message of a locked conversation.
 * @param p.body  null deletes the message; its text stays stored until the purge. In whole milliseconds, as the cursor of the
 *   trash
 * @param p.changedVersion  the conversation's next version
 */
export const updateMessage = defineQuery(
  {
    name: "a change of a message",
    indexes: ["messages_pkey"],
    buffers: 80,
    includesDeleted: { messages: "findMessage decided that it may be changed" },
    cases: [
      { name: "an edit", sample: ({ lastSeq, ...key }) => [{ ...key, seq: lastSeq, body: "Hi", changedVersion: 1 }] },
      {
        name: "a deletion",
        sample: ({ lastSeq, ...key }) => [{ ...key, seq: lastSeq, body: null, changedVersion: 1 }],
      },
    ],
  },
  (tx: Db, p: Key & { seq: number; body: string | null; changedVersion: number }): Promise<unknown> => {
    const change = p.body === null ? sql`deleted_at = now()::timestamptz(3)` : sql`body = ${p.body}, edited_at = now()`;
    return sql`
      update ${raw(partitionOf(p.conversationId))}
      set ${change}, changed_version = ${p.changedVersion}
      where website_id = ${p.websiteId}
        and conversation_id = ${p.conversationId}
        and seq = ${p.seq}`.rows(tx);
  },
);

/**
 * Brings a deleted message of a locked conversation back.
 * @param p.changedVersion  the conversation's next version
 * @returns false if it was deleted too long ago, or its text is gone
 */
export const unmarkMessageDeleted = defineQuery(
  {
    name: "a message brought back",
    indexes: ["messages_pkey", "messages_deleted"],
    buffers: 80,
    sample: ({ lastSeq, ...key }) => [{ ...key, seq: lastSeq, changedVersion: 1 }],
  },
  async (tx: Db, p: Key & { seq: number; changedVersion: number }): Promise<boolean> => {
    const rows = await sql`
      update ${raw(partitionOf(p.conversationId))} m
      set deleted_at = null, changed_version = ${p.changedVersion}
      where m.website_id = ${p.websiteId}
        and m.conversation_id = ${p.conversationId}
        and m.seq = ${p.seq}
        and m.deleted_at > ${undoable}
        and m.body <> ''
      returning m.seq`.rows(tx);
    return rows.length === 1;
  },
);
