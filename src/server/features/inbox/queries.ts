import { bucketOf, live, ofLiveConversation } from "#database/conditions.ts";
import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import type { Sample } from "#database/query-plans/sample.ts";
import { none, raw, type Sql, sql } from "#database/sql.ts";
import { PlaceInTime } from "#protocol/basics.ts";
import { AppError } from "#protocol/errors.ts";
import type { Head, InboxCounts, InboxView } from "#protocol/inbox.ts";
import { limits } from "#protocol/limits.ts";
import { type ConversationRow, selectConversations } from "#server/features/conversations/feature.ts";

type Scope = { websiteId: number; userId: string };

/** Each view is one range of one index: see test/integration/plans.test.ts. */
const conditions: Record<InboxView, (userId: string) => Sql> = {
  all: () => sql`c.status = 'open'`,
  mine: userId => sql`c.status = 'open' and c.assignee_id = ${userId}`,
  unassigned: () => sql`c.status = 'open' and c.assignee_id is null`,
  resolved: () => sql`c.status = 'resolved'`,
};

type Page = Scope & { view: InboxView; tagId?: string | undefined; cursor: string | null; limit: number };

/** The inbox of a tag reads only this many of its conversations, those that began last: its cost is bounded. */
const maxTagged = 5_000;

const casesOf = (view: InboxView, index: string) =>
  [false, true].map(isLater => ({
    name: `${view}, ${isLater ? "a later page" : "the first page"}`,
    indexes: [index],
    sample: ({ websiteId, agentId, conversationId, lastMessageAt }: Sample): [Page] => [
      {
        websiteId,
        userId: agentId,
        view,
        cursor: isLater ? `${lastMessageAt.toISOString()}_${conversationId}` : null,
        limit: limits.inboxPageSize,
      },
    ],
  }));

/**
 * A page, the newest message first, and the cursor of the next one (null on the last page).
 * @throws AppError "invalid_cursor"
 */
export const listInbox = defineQuery(
  {
    name: "inbox of a website",
    indexes: ["visitors_pkey", "memberships_pkey"],
    // a conversation, its visitor and its assignee for each row
    buffers: (limits.inboxPageSize + 1) * 12,
    includesDeleted: ofLiveConversation,
    cases: [
      ...casesOf("all", "conversations_inbox"),
      ...casesOf("resolved", "conversations_inbox"),
      ...casesOf("mine", "conversations_inbox_assigned"),
      ...casesOf("unassigned", "conversations_inbox_unassigned"),
      {
        name: "of a tag",
        indexes: ["conversation_tags_by_tag", "conversations_pkey"],
        buffers: maxTagged * 5,
        sample: ({ websiteId, agentId, tagId }: Sample): [Page] => [
          { websiteId, userId: agentId, view: "all", tagId, cursor: null, limit: limits.inboxPageSize },
        ],
      },
    ],
  },
  async (db: Db, p: Page): Promise<{ rows: ConversationRow[]; nextCursor: string | null }> => {
    const view = conditions[p.view](p.userId);
    const rows = await selectConversations(
      sql`c.website_id = ${p.websiteId} and ${live("c")} and ${view} ${p.cursor ? after(p.cursor) : none}`,
      {
        ...(p.tagId && { from: taggedConversations(p.websiteId, p.tagId) }),
        order: sql`order by c.last_message_bucket desc, c.last_message_at desc, c.id desc`,
        limit: sql`limit ${p.limit + 1}`,
      },
    ).rows(db);
    const page = rows.slice(0, p.limit);
    return { rows: page, nextCursor: rows.length > p.limit ? writeCursor(page.at(-1)!) : null };
  },
);

/** The inner limit keeps the planner from reading all conversations of a website to find those with a tag. */
const taggedConversations = (websiteId: number, tagId: string) => sql`(
    select conversation_id
    from conversation_tags
    where website_id = ${websiteId}
      and tag_id = ${tagId}
    order by conversation_id desc
    limit ${raw(String(maxTagged))}) t
  cross join lateral (
    select c.*
    from conversations c
    where c.website_id = ${websiteId}
      and c.id = t.conversation_id
      and ${live("c")}
    limit 1) c`;

const writeCursor = ({ lastMessageAt, id }: ConversationRow) => `${lastMessageAt.toISOString()}_${id}`;

function after(cursor: string): Sql {
  const { data } = PlaceInTime.safeParse(cursor.split("_"));
  if (!data) {
    throw new AppError("invalid_cursor", "The cursor is not from a page of the inbox. Start at the first page.");
  }
  const [at, id] = data;
  const moment = sql`${at}::timestamptz`;
  return sql`and (c.last_message_bucket, c.last_message_at, c.id) < (${bucketOf(moment)}, ${moment}, ${id})`;
}

/**
 * The number of open conversations of a website with something unread, up to `limits.unreadCountMax`. The index holds some
 * more: see docs/decisions/0013-hot-conversations.md.
 */
const unreadOf = (websiteId: Sql, view = none) => sql`
  (select count(*)::integer
   from (
     select from conversations c
     where c.website_id = ${websiteId}
       and c.status = 'open'
       and c.may_have_unread
       and c.agent_unread > 0
       and ${live("c")}
       ${view}
     limit ${raw(String(limits.unreadCountMax))}) as unread)`;

const unassigned = sql`and c.assignee_id is null`;
const assignedTo = (userId: Sql) => sql`and c.assignee_id = ${userId}`;

/** What countUnread may read: each entry of the index may need a look into the table. */
const unreadProof = { indexes: ["conversations_inbox_unread"], buffers: 3 * (limits.unreadCountMax + 5) };

/** The counts of one agent. */
export const countUnread = defineQuery(
  {
    name: "unread of a website",
    ...unreadProof,
    sample: ({ websiteId, agentId }) => [{ websiteId, userId: agentId }],
  },
  async (db: Db, { websiteId, userId }: Scope): Promise<InboxCounts> => {
    const website = sql`${websiteId}`;
    const [counts] = await sql<InboxCounts>`
      select ${unreadOf(website)} as "all", ${unreadOf(website, unassigned)} as unassigned,
        ${unreadOf(website, assignedTo(sql`${userId}`))} as mine`.rows(db);
    return counts!;
  },
);

export type UnreadReaders = { websiteId: number; userIds: string[] };

/** The counts of all agents of several websites, in one statement. @returns by website, then by agent */
export const countUnreadOfAgents = defineQuery(
  {
    name: "unread of several agents",
    ...unreadProof,
    sample: ({ websiteId, agentId }) => [[{ websiteId, userIds: [agentId] }]],
  },
  async (db: Db, readers: UnreadReaders[]): Promise<Map<number, Map<string, InboxCounts>>> => {
    const agents = readers.flatMap(({ websiteId, userIds }) => userIds.map(userId => ({ websiteId, userId })));
    const rows = await sql<InboxCounts & { websiteId: number; userId: string }>`
      with w as materialized (
        select w.id, ${unreadOf(raw("w.id"))} as "all", ${unreadOf(raw("w.id"), unassigned)} as unassigned
        from unnest(${readers.map(({ websiteId }) => websiteId)}::integer[]) as w (id)
      )
      select a.website_id as "websiteId", a.user_id as "userId", w."all", w.unassigned,
        ${unreadOf(raw("a.website_id"), assignedTo(raw("a.user_id")))} as mine
      from unnest(${agents.map(({ websiteId }) => websiteId)}::integer[], ${agents.map(({ userId }) => userId)}::uuid[])
        as a (website_id, user_id)
      join w on w.id = a.website_id`.rows(db);
    const counts = new Map(readers.map(({ websiteId }) => [websiteId, new Map<string, InboxCounts>()]));
    for (const { websiteId, userId, ...own } of rows) counts.get(websiteId)!.set(userId, own);
    return counts;
  },
);

/** The count "all", for several websites of this database. */
export const countUnreadByWebsite = defineQuery(
  {
    name: "unread of several websites",
    indexes: ["conversations_inbox_unread"],
    buffers: limits.unreadCountMax + 5,
    sample: ({ websiteId }) => [[websiteId]],
  },
  async (db: Db, websiteIds: number[]): Promise<Map<number, number>> => {
    const rows = await sql<{ id: number; unread: number }>`
      select w.id, ${unreadOf(raw("w.id"))} as unread
      from unnest(${websiteIds}::integer[]) as w (id)`.rows(db);
    return new Map(rows.map(({ id, unread }) => [id, unread]));
  },
);

/** The newest numbers of conversations with a recent message or a recently changed one, and of those deleted lately. */
export const listHeads = defineQuery(
  {
    name: "conversations of a website that changed lately",
    indexes: ["conversations_inbox", "conversations_changed", "conversations_deleted"],
    buffers: 500,
    sample: ({ websiteId }) => [websiteId, { sinceMs: 60_000, limit: 200 }],
  },
  (db: Db, websiteId: number, { sinceMs, limit }: { sinceMs: number; limit: number }): Promise<Head[]> => {
    const heads = (isDeleted: boolean) => sql`
      select c.id as "conversationId", c.last_seq as "lastSeq", c.version, c.changed_version as "changedVersion",
        ${raw(String(isDeleted))} as "isDeleted"
      from conversations c
      where c.website_id = ${websiteId}`;
    const since = sql`now() - make_interval(secs => ${sinceMs / 1000})`;
    return sql<Head>`
      (${heads(false)}
        and ${live("c")}
        and c.status in ('open', 'resolved')
        and c.last_message_bucket >= ${bucketOf(since)}
        and c.last_message_at > ${since}
      order by c.last_message_bucket desc, c.last_message_at desc
      limit ${limit})
      union
      (${heads(false)}
        and ${live("c")}
        and c.changed_at > ${since}
      order by c.changed_at desc
      limit ${limit})
      union all
      (${heads(true)}
        and c.deleted_at > ${since}
      order by c.deleted_at desc
      limit ${limit})`.rows(db);
  },
);
