import { live, visitorSees } from "#database/conditions.ts";
import type { Db } from "#database/connect.ts";
import { isMissingTable } from "#database/failures.ts";
import { partitionOf } from "#database/partitions/months.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { none, raw, type Sql, sql } from "#database/sql.ts";
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
    const rows = await readRows(db, pageOf(p));
    const page = rows.slice(0, p.limit).map(row => asMessage(row, p.conversationId));
    return { messages: p.after === undefined ? page.reverse() : page, more: rows.length > p.limit };
  },
);

async function readRows(db: Db, page: Sql<Row>): Promise<Row[]> {
  try {
    return await page.rows(db);
  } catch (error) {
    if (isMissingTable(error)) return []; // a month without a partition has no messages
    throw error;
  }
}

/** As Date.toISOString() writes it: for a thousand messages the driver's reading of times took longer than the rest. */
const createdAt = sql`to_char(m.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** The page is chosen before it is named: joined first, it may be read whole, hashed and sorted. */
function pageOf({ websiteId, conversationId, before, after, limit, publicOnly }: Page): Sql<Row> {
  const bound =
    after !== undefined ? sql`and m.seq > ${after}` : before !== undefined ? sql`and m.seq < ${before}` : none;
  const order = raw(after === undefined ? "desc" : "asc");
  return sql`
    select m.id, m.seq, m.kind, m.author, m.author_id as "authorId", u.name as "authorName", m.body, m.details,
      ${createdAt} as "createdAt"
    from (
      select *
      from ${raw(partitionOf(conversationId))} m
      where m.website_id = ${websiteId}
        and m.conversation_id = ${conversationId}
        and ${live("m")}
        ${publicOnly ? sql`and ${visitorSees("m")}` : none}
        ${bound}
      order by m.seq ${order}
      limit ${limit + 1}
    ) m
    left join users u on u.id = m.author_id
    order by m.seq ${order}`;
}

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
