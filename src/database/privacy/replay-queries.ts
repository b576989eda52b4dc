import { live } from "#database/conditions.ts";
import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";

type Deletion = { websiteId: number; visitorId: string; conversationIds: string[]; requestedAt: Date };

/** Deletes a visitor as of a moment in the past. @returns false if there is none, or they are deleted already */
export const deleteAgain = defineQuery(
  {
    name: "a deletion that a restored backup does not know",
    indexes: [
      "visitors_pkey",
      "conversations_pkey",
      "conversations_by_visitor",
      "conversations_deleted",
      "conversations_trash",
    ],
    sample: ({ websiteId, visitorId }) => [{ websiteId, visitorId, conversationIds: [], requestedAt: new Date() }],
  },
  async (tx: Db, p: Deletion): Promise<boolean> => {
    const visitors = await sql`
      update visitors v
      set deleted_at = ${p.requestedAt}::timestamptz(3), deleted_external_id = v.external_id, external_id = null
      where v.website_id = ${p.websiteId}
        and v.id = ${p.visitorId}
        and ${live("v")}
      returning v.id`.rows(tx);
    const conversations = await sql`
      update conversations c
      set deleted_at = ${p.requestedAt}::timestamptz(3), deleted_with_visitor = true, version = version + 1
      where c.website_id = ${p.websiteId}
        and (c.visitor_id = ${p.visitorId} or c.id = any(${p.conversationIds}::uuid[]))
        and ${live("c")}
      returning c.id`.rows(tx);
    return visitors.length + conversations.length > 0;
  },
);
