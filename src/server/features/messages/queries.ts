import { CompiledQuery } from "kysely";
import type { Db } from "#database/connect.ts";
import { isMissingTable } from "#database/failures.ts";
import { partitionOf } from "#database/partitions/months.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { limits } from "#protocol/limits.ts";
import type { EventDetails, Message } from "#protocol/messages.ts";

type Row = Omit<Message, "conversationId" | "details"> & { details: unknown };

type Page = {
  websiteId: number;
  conversationId: string;
  before?: number | undefined;
  after?: number | undefined;
  limit: number;
  publicOnly: boolean;
};

const limit = limits.pageSize;

/**
 * A page, oldest message first: the newest below `before`, the oldest above `after`, or the newest of all. One
 * partition, one index.
 * @param publicOnly  what visitors may see: text and file
 */
export const listMessages = defineQuery(
  {
    name: "messages of a conversation",
    indexes: ["messages_pkey", "users_pkey"],
    // each message may lie on a page of its own; its author is looked up
    buffers: 10 + (limit + 1) * 3,
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
    const forwards = p.after !== undefined;
    const from = p.after ?? p.before;
    const values = [p.websiteId, p.conversationId, p.limit + 1, ...(from === undefined ? [] : [from])];
    const text = textOf(p).replace("from messages", `from ${partitionOf(p.conversationId)}`);
    const rows = await readRows(db, CompiledQuery.raw(text, values));
    const page = rows.slice(0, p.limit).map(row => asMessage(row, p.conversationId));
    return { messages: forwards ? page : page.reverse(), more: rows.length > p.limit };
  },
);

async function readRows(db: Db, query: CompiledQuery): Promise<Row[]> {
  try {
    return (await db.executeQuery<Row>(query as CompiledQuery<Row>)).rows;
  } catch (error) {
    if (isMissingTable(error)) return []; // a month without a partition has no messages
    throw error;
  }
}

/** Few texts, made once each: on this path, building one anew took a third of the time. */
const textOf = ({ before, after, publicOnly }: Page) =>
  texts[publicOnly ? "public" : "whole"][after !== undefined ? "after" : before !== undefined ? "before" : "newest"];

const pagesOf = (kinds: string) => ({
  newest: textWith(kinds, "desc"),
  before: textWith(`${kinds} and seq < $4`, "desc"),
  after: textWith(`${kinds} and seq > $4`, "asc"),
});

/** As Date.toISOString() writes it: for a thousand messages the driver's reading of times took longer than the rest. */
const isoOf = (time: string) => `to_char(${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** The page is chosen before it is named: joined first, it may be read whole, hashed and sorted. */
const textWith = (condition: string, order: "asc" | "desc") => `
  select m.id, m.seq, m.kind, m.author, m.author_id as "authorId", u.name as "authorName", m.body, m.details,
    ${isoOf("m.created_at")} as "createdAt"
  from (
    select *
    from messages
    where website_id = $1
      and conversation_id = $2
      and deleted_at is null
      ${condition}
    order by seq ${order}
    limit $3
  ) m
  left join users u on u.id = m.author_id
  order by m.seq ${order}`;

const texts = { whole: pagesOf(""), public: pagesOf("and kind in ('text', 'file')") };

const asMessage = (row: Row, conversationId: string): Message => ({
  id: row.id,
  conversationId,
  seq: row.seq,
  kind: row.kind,
  author: row.author,
  authorId: row.authorId,
  authorName: row.authorName,
  body: row.body,
  details: row.details as EventDetails | null,
  createdAt: row.createdAt,
});
