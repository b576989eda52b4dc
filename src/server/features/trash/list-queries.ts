import { deleted, live, ofLiveConversation } from "#database/conditions.ts";
import type { Db } from "#database/connect.ts";
import { undoable } from "#database/lifecycle/undoable.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { none, raw, type Sql, sql } from "#database/sql.ts";
import { limits } from "#protocol/limits.ts";
import type { ConversationRow } from "#server/features/conversations/feature.ts";

/** `after`: the last entry of the page before; null for the first page. */
type Page = { websiteId: number; after: { at: string; id: string } | null; limit: number };

export type Deletion = {
  id: string;
  visitorId: string;
  visitorName: string | null;
  visitorEmail: string | null;
  deletedAt: Date;
  deletedBy: string | null;
  deletedByName: string | null;
  reason: string;
};

export type TrashedConversation = Deletion & Pick<ConversationRow, "preview" | "previewAuthor">;
export type TrashedMessage = Deletion & { conversationId: string; author: "agent" | "visitor"; body: string };
export type TrashedVisitor = Deletion & { conversations: number };

const firstPage = ({ websiteId }: { websiteId: number }): [Page] => [
  { websiteId, after: null, limit: limits.pageSize },
];

/** The rows of a page, of a table with deletions: the last deletion first. */
const pageOf = (alias: string, { websiteId, after, limit }: Page, more: Sql = none) => sql`
  where ${raw(alias)}.website_id = ${websiteId}
    and ${deleted(alias)}
    and ${raw(alias)}.deleted_at > ${undoable}
    ${more}
    ${after ? sql`and (${raw(alias)}.deleted_at, ${raw(alias)}.id) < (${after.at}, ${after.id})` : none}
  order by ${raw(alias)}.deleted_at desc, ${raw(alias)}.id desc
  limit ${limit}`;

const deletion = (alias: string) => sql`
  ${raw(alias)}.id, v.id as "visitorId", v.name as "visitorName", v.email as "visitorEmail",
  ${raw(alias)}.deleted_at as "deletedAt", ${raw(alias)}.deleted_by as "deletedBy", a.name as "deletedByName",
  ${raw(alias)}.deletion_reason as reason`;

/** Conversations that were deleted by themselves, of visitors who are not deleted: the others come back with their visitor. */
export const listTrashedConversations = defineQuery(
  {
    name: "trash of a website, conversations",
    indexes: ["conversations_trash", "visitors_pkey", "memberships_pkey"],
    buffers: 500,
    includesDeleted: { memberships: ofLiveConversation.memberships },
    sample: firstPage,
  },
  (db: Db, p: Page): Promise<TrashedConversation[]> =>
    sql<TrashedConversation>`
      select ${deletion("c")}, c.preview, c.preview_author as "previewAuthor"
      from (
        select c.*
        from conversations c
        ${pageOf("c", p, ofLiveVisitor)}) c
      join visitors v on v.website_id = c.website_id and v.id = c.visitor_id and ${live("v")}
      left join memberships a on a.website_id = c.website_id and a.user_id = c.deleted_by
      order by c.deleted_at desc, c.id desc`.rows(db),
);

const ofLiveVisitor = sql`
  and not c.deleted_with_visitor
  and exists (
    select from visitors v where v.website_id = c.website_id and v.id = c.visitor_id and ${live("v")})`;

export const listTrashedVisitors = defineQuery(
  {
    name: "trash of a website, visitors",
    indexes: ["visitors_deleted", "conversations_by_visitor", "memberships_pkey"],
    includesDeleted: {
      conversations: "those that were deleted with their visitor are counted",
      memberships: ofLiveConversation.memberships,
    },
    sample: firstPage,
  },
  (db: Db, p: Page): Promise<TrashedVisitor[]> =>
    sql<TrashedVisitor>`
      select ${deletion("v")}, (
        select count(*)::integer
        from conversations c
        where c.website_id = v.website_id
          and c.visitor_id = v.id
          and c.deleted_with_visitor) as conversations
      from (
        select v.*
        from visitors v
        ${pageOf("v", p)}) v
      left join memberships a on a.website_id = v.website_id and a.user_id = v.deleted_by
      order by v.deleted_at desc, v.id desc`.rows(db),
);

/** Deleted messages that still have their text, of conversations that are not deleted. Only its author deletes a message. */
export const listTrashedMessages = defineQuery(
  {
    name: "trash of a website, messages",
    indexes: [
      ...["messages_deleted", "messages_archive_deleted", "conversations_pkey"],
      ...["visitors_pkey", "memberships_pkey"],
    ],
    includesDeleted: ofLiveConversation,
    sample: firstPage,
  },
  (db: Db, p: Page): Promise<TrashedMessage[]> => {
    const within = (table: "messages" | "messages_archive") => sql`
      select m.website_id, m.conversation_id, m.id, m.author, m.author_id, m.body, m.deleted_at, c.visitor_id
      from ${raw(table)} m
      join conversations c on c.website_id = m.website_id and c.id = m.conversation_id and ${live("c")}
      where m.website_id = ${p.websiteId}
        and ${deleted("m")}
        and m.deleted_at > ${undoable}
        and m.conversation_id < uuid_floor(now() + interval '1 day')
        and m.body <> ''
        ${p.after ? sql`and (m.deleted_at, m.id) < (${p.after.at}, ${p.after.id})` : none}
      order by m.deleted_at desc, m.id desc
      limit ${p.limit}`;
    return sql<TrashedMessage>`
      select m.id, m.conversation_id as "conversationId", m.author, m.body, v.id as "visitorId", v.name as "visitorName",
        v.email as "visitorEmail", m.deleted_at as "deletedAt", m.author_id as "deletedBy", a.name as "deletedByName",
        '' as reason
      from (
        (${within("messages")})
        union all
        (${within("messages_archive")})
        order by deleted_at desc, id desc
        limit ${p.limit}) m
      join visitors v on v.website_id = m.website_id and v.id = m.visitor_id
      left join memberships a on a.website_id = m.website_id and a.user_id = m.author_id
      order by m.deleted_at desc, m.id desc`.rows(db);
  },
);
