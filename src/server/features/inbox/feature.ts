import { z } from "zod";
import { queriesOf } from "#database/query-plans/define-query.ts";
import { Uuid, WebsiteId } from "#protocol/basics.ts";
import { Inbox, InboxCounts, InboxView } from "#protocol/inbox.ts";
import { limits } from "#protocol/limits.ts";
import { defineCommand } from "#server/declaration/command.ts";
import type { Feature } from "#server/declaration/feature.ts";
import { forAgents } from "#server/features/conversations/feature.ts";
import * as queries from "./queries.ts";
import { countUnread, countUnreadByWebsite, countUnreadOfAgents, listHeads, listInbox } from "./queries.ts";

const website = z.object({ websiteId: WebsiteId });

const list = defineCommand({
  name: "inbox.list",
  summary: "A page of the inbox, the newest message first.",
  access: "agent",
  http: { method: "GET", path: "/websites/:websiteId/inbox" },
  params: website.extend({
    view: InboxView.default("all"),
    tag: Uuid.optional().describe("only conversations with this tag"),
    cursor: z.string().max(100).optional(),
  }),
  answer: Inbox,
  async handle(ctx, { db, user, params: { websiteId, view, tag: tagId, cursor = null } }) {
    const [page, counts] = await Promise.all([
      listInbox(db, { websiteId, userId: user.id, view, tagId, cursor, limit: limits.inboxPageSize }),
      countUnread(db, { websiteId, userId: user.id }),
    ]);
    return { conversations: page.rows.map(row => forAgents(ctx, row)), nextCursor: page.nextCursor, counts };
  },
});

const count = defineCommand({
  name: "inbox.count",
  summary: "The number of open conversations with something unread, by view.",
  access: "agent",
  http: { method: "GET", path: "/websites/:websiteId/inbox/counts" },
  params: website,
  answer: InboxCounts,
  handle: (_ctx, { db, user, websiteId }) => countUnread(db, { websiteId, userId: user.id }),
});

export const inbox: Feature = {
  commands: [list, count],
  queries: queriesOf(queries),
};

export { countUnreadByWebsite, countUnreadOfAgents, listHeads };
