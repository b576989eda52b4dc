import { sql } from "kysely";
import type { Db } from "#database/connect.ts";
import type { EventDetails, Message } from "#protocol/entities.ts";

type Row = Omit<Message, "createdAt" | "details"> & { createdAt: Date; details: unknown };

/**
 * A page, oldest message first: the newest below `before`, the oldest above `after`, or the newest of all. One
 * partition, one index: see test/integration/plans.test.ts.
 * @param publicOnly  what visitors may see: text and file
 */
export async function listMessages(
  db: Db,
  p: {
    websiteId: number;
    conversationId: string;
    before?: number | undefined;
    after?: number | undefined;
    limit: number;
    publicOnly: boolean;
  },
): Promise<{ messages: Message[]; more: boolean }> {
  const forwards = p.after !== undefined;
  const { rows } = await sql<Row>`
    select m.id, m.conversation_id as "conversationId", m.seq, m.kind, m.author, m.author_id as "authorId",
      u.name as "authorName", m.body, m.details, m.created_at as "createdAt"
    from messages m
    left join users u on u.id = m.author_id
    where m.website_id = ${p.websiteId}
      and m.conversation_id = ${p.conversationId}
      and m.deleted_at is null
      ${p.before !== undefined ? sql`and m.seq < ${p.before}` : sql``}
      ${forwards ? sql`and m.seq > ${p.after}` : sql``}
      ${p.publicOnly ? sql`and m.kind in ('text', 'file')` : sql``}
    order by m.seq ${forwards ? sql`asc` : sql`desc`}
    limit ${p.limit + 1}`.execute(db);
  const page = rows.slice(0, p.limit).map(asMessage);
  return { messages: forwards ? page : page.reverse(), more: rows.length > p.limit };
}

const asMessage = (row: Row): Message => ({
  ...row,
  details: row.details as EventDetails | null,
  createdAt: row.createdAt.toISOString(),
});
