import { ofLiveConversation, visitorSees } from "#database/conditions.ts";
import type { Db } from "#database/connect.ts";
import { isMissingTable } from "#database/failures.ts";
import { monthGone } from "#database/partitions/month-gone.ts";
import { monthOf, partitionOf } from "#database/partitions/months.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { none, raw, type Sql, sql } from "#database/sql.ts";
import { limits } from "#protocol/limits.ts";
import type { Message } from "#protocol/messages.ts";
import { asMessage, type MessageRow, messageColumns } from "./message.ts";

type Reader = {
  websiteId: number;
  conversationId: string;
  limit: number;
  /** only what visitors may see: text and file */
  publicOnly: boolean;
  /** the body of deleted messages */
  deletedBody?: string;
};

type Page = Reader & { before?: number | undefined; after?: number | undefined };

const limit = limits.pageSize;
// each message may be on a page of its own; its author is looked up
const buffers = 10 + (limit + 1) * 4;
// the planner may also read all changed messages and sort them: one in 100 of the sample's 10,000 messages
const buffersOfChanged = buffers + 100;

const includesDeleted = {
  messages: "a deleted message keeps its place; asMessage removes its text",
  memberships: ofLiveConversation.memberships,
};

/**
 * A page, the oldest message first: the newest below `before`, the oldest above `after`, or the newest of all. Deleted
 * messages keep their places. One partition, one index.
 * @throws AppError "month_gone" if the month was deleted
 */
export const listMessages = defineQuery(
  {
    name: "messages of a conversation",
    indexes: ["messages_pkey", "memberships_pkey"],
    buffers,
    includesDeleted,
    cases: [
      { name: "the newest", sample: key => [{ ...key, limit, publicOnly: false }] },
      {
        name: "before one",
        sample: ({ lastSeq, ...key }) => [{ ...key, before: Math.ceil(lastSeq / 2), limit, publicOnly: false }],
      },
      {
        name: "after one",
        sample: ({ lastSeq, ...key }) => [{ ...key, after: Math.floor(lastSeq / 2), limit, publicOnly: false }],
      },
      { name: "as its visitor sees them", sample: key => [{ ...key, limit, publicOnly: true }] },
    ],
  },
  async (db: Db, p: Page): Promise<{ messages: Message[]; more: boolean }> => {
    const { rows, more } = await readPage(db, p, pageOf(p));
    return { messages: p.after === undefined ? rows.reverse() : rows, more };
  },
);

/** The messages up to `upTo` that were edited or deleted after the conversation's version `since`, in that order. */
export const listChangedMessages = defineQuery(
  {
    name: "messages of a conversation that changed",
    indexes: ["messages_changed", "messages_pkey", "memberships_pkey"],
    buffers: buffersOfChanged,
    includesDeleted,
    sample: ({ lastSeq, ...key }) => [{ ...key, upTo: lastSeq, since: 0, limit, publicOnly: false }],
  },
  async (
    db: Db,
    p: Reader & { upTo: number; since: number },
  ): Promise<{ changed: Message[]; moreChanged: boolean }> => {
    const { rows, more } = await readPage(db, p, changesOf(p));
    return { changed: rows, moreChanged: more };
  },
);

async function readPage(db: Db, p: Reader, page: Sql<MessageRow>): Promise<{ rows: Message[]; more: boolean }> {
  const rows = await readRows(db, p, page);
  return {
    rows: rows.slice(0, p.limit).map(row => asMessage(row, p.conversationId, p.deletedBody)),
    more: rows.length > p.limit,
  };
}

async function readRows(db: Db, { conversationId }: Reader, page: Sql<MessageRow>): Promise<MessageRow[]> {
  try {
    return await page.rows(db);
  } catch (cause) {
    if (isMissingTable(cause)) throw monthGone(monthOf(conversationId), cause);
    throw cause;
  }
}

function pageOf({ before, after, ...reader }: Page): Sql<MessageRow> {
  const bound =
    after !== undefined ? sql`and m.seq > ${after}` : before !== undefined ? sql`and m.seq < ${before}` : none;
  return select(reader, bound, after === undefined ? newestFirst : oldestFirst);
}

const changesOf = ({ upTo, since, ...reader }: Reader & { upTo: number; since: number }): Sql<MessageRow> =>
  select(reader, sql`and m.seq <= ${upTo} and m.changed_version > ${since}`, inOrderOfChange);

const newestFirst = sql`order by m.seq desc`;
const oldestFirst = sql`order by m.seq`;
const inOrderOfChange = sql`order by m.changed_version`;

/** The page is selected before the names are looked up: otherwise the planner may read and sort the whole conversation. */
const select = ({ websiteId, conversationId, limit, publicOnly }: Reader, bound: Sql, order: Sql) => sql<MessageRow>`
  select ${messageColumns(websiteId)}
  from (
    select *
    from ${raw(partitionOf(conversationId))} m
    where m.website_id = ${websiteId}
      and m.conversation_id = ${conversationId}
      ${publicOnly ? sql`and ${visitorSees("m")}` : none}
      ${bound}
    ${order}
    limit ${limit + 1}
  ) m
  ${order}`;
