import { z } from "zod";
import { WebsiteId } from "#protocol/basics.ts";
import { Inbox, InboxCounts, InboxView } from "#protocol/inbox.ts";
import { limits } from "#protocol/limits.ts";
import type { Ctx } from "#server/context.ts";
import { shownToAgents } from "#server/features/conversations/events.ts";
import type { DeclareEndpoint } from "#server/http/endpoint.ts";
import { countUnread, listInbox } from "./queries.ts";

const params = z.object({ websiteId: WebsiteId });

export function inboxRoutes(declare: DeclareEndpoint, ctx: Ctx) {
  declare({
    method: "GET",
    path: "/websites/:websiteId/inbox",
    summary: "A page of the inbox, the newest message first.",
    access: "agent",
    params,
    query: z.object({ view: InboxView.default("all"), cursor: z.string().max(100).optional() }),
    answer: Inbox,
    async handle({ user, websiteId, query }) {
      const scope = { websiteId, userId: user.id };
      const [page, counts] = await Promise.all([
        listInbox(ctx.db, { ...scope, view: query.view, cursor: query.cursor ?? null, limit: limits.inboxPageSize }),
        countUnread(ctx.db, scope),
      ]);
      const conversations = page.rows.map(row => shownToAgents(ctx, row));
      return { conversations, nextCursor: page.nextCursor, counts };
    },
  });

  declare({
    method: "GET",
    path: "/websites/:websiteId/inbox/counts",
    summary: "How many open conversations have something unread, by view.",
    access: "agent",
    params,
    answer: InboxCounts,
    handle: ({ user, websiteId }) => countUnread(ctx.db, { websiteId, userId: user.id }),
  });
}
