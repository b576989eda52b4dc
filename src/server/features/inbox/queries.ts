import { sql } from "kysely";
import type { Db } from "#database/connect.ts";
import { Moment, Uuid } from "#protocol/basics.ts";
import { AppError } from "#protocol/errors.ts";
import type { Head, InboxCounts, InboxView } from "#protocol/inbox.ts";
import { limits } from "#protocol/limits.ts";
import { selectConversations } from "#server/features/conversations/queries.ts";
import type { ConversationRow } from "#server/features/conversations/row.ts";

type Scope = { websiteId: number; userId: string };

/** Each view is one range of one index: see test/integration/plans.test.ts. */
const views: Record<InboxView, string> = {
  all: "c.status = 'open'",
  mine: "c.status = 'open' and c.assignee_id = $3",
  unassigned: "c.status = 'open' and c.assignee_id is null",
  resolved: "c.status = 'resolved'",
};

/**
 * A page, newest message first, and where the next one begins (null on the last).
 * @throws AppError "invalid_cursor"
 */
export async function listInbox(
  db: Db,
  p: Scope & { view: InboxView; cursor: string | null; limit: number },
): Promise<{ rows: ConversationRow[]; nextCursor: string | null }> {
  const values: unknown[] = [p.websiteId, p.limit + 1, ...(p.view === "mine" ? [p.userId] : [])];
  const after = p.cursor ? readCursor(p.cursor) : [];
  const fromCursor = after.length
    ? `and (c.last_message_at, c.id) < ($${values.length + 1}, $${values.length + 2})`
    : "";
  const rows = await selectConversations(db, {
    where: `c.website_id = $1 and c.deleted_at is null and ${views[p.view]} ${fromCursor}`,
    values: [...values, ...after],
    order: "order by c.last_message_at desc, c.id desc",
    limit: "limit $2",
  });
  const page = rows.slice(0, p.limit);
  return { rows: page, nextCursor: rows.length > p.limit ? writeCursor(page.at(-1)!) : null };
}

const writeCursor = ({ lastMessageAt, id }: ConversationRow) => `${lastMessageAt.toISOString()}_${id}`;

function readCursor(cursor: string): [string, string] {
  const [at, id] = cursor.split("_");
  if (!Moment.safeParse(at).success || !Uuid.safeParse(id).success) {
    throw new AppError("invalid_cursor", "The cursor is not one that an inbox page gave. Begin at the first page.");
  }
  return [at!, id!];
}

/** Open conversations with something unread, by view, each counted up to `limits.unreadCountMax`. */
export async function countUnread(db: Db, { websiteId, userId }: Scope): Promise<InboxCounts> {
  const unread = sql`
    select from conversations
    where website_id = ${websiteId}
      and status = 'open'
      and agent_unread > 0
      and deleted_at is null`;
  const most = sql.lit(limits.unreadCountMax);
  const { rows } = await sql<InboxCounts>`
    select (select count(*)::integer from (${unread} limit ${most}) as c) as "all",
      (select count(*)::integer from (${unread} and assignee_id = ${userId} limit ${most}) as c) as mine,
      (select count(*)::integer from (${unread} and assignee_id is null limit ${most}) as c) as unassigned`.execute(db);
  return rows[0]!;
}

/** The newest numbers of the conversations that got a message lately, newest first. */
export async function listHeads(db: Db, websiteId: number, { sinceMs, limit }: { sinceMs: number; limit: number }) {
  const { rows } = await sql<Head>`
    select id as "conversationId", last_seq as "lastSeq", version
    from conversations
    where website_id = ${websiteId}
      and status in ('open', 'resolved')
      and deleted_at is null
      and last_message_at > now() - make_interval(secs => ${sinceMs / 1000})
    order by last_message_at desc
    limit ${limit}`.execute(db);
  return rows;
}
