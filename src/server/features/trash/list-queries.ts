import { deleted, live, ofLiveConversation } from "#database/conditions.ts";
import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { none, raw, type Sql, sql } from "#database/sql.ts";
import { limits } from "#protocol/limits.ts";
import type { ConversationRow } from "#server/features/conversations/feature.ts";
import { undoable } from "./undoable.ts";

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
