import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";

/** The conversations of a website that were deleted before a moment, the oldest deletion first. */
export const listDeleted = defineQuery(
  {
    name: "deleted conversations of a website",
    indexes: ["conversations_deleted"],
    buffers: 120,
    sample: ({ websiteId }) => [{ websiteId, before: new Date(), limit: 100 }],
  },
  (db: Db, p: { websiteId: number; before: Date; limit: number }) =>
    sql<{ conversationId: string; deletedAt: Date }>`
      select id as "conversationId", deleted_at as "deletedAt"
      from conversations
      where website_id = ${p.websiteId}
        and deleted_at < ${p.before}
      order by deleted_at, id
      limit ${p.limit}`.rows(db),
);
