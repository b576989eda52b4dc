import type { AccessPath } from "#database/query-plans/access-path.ts";
import type { InboxView } from "#protocol/inbox.ts";
import { limits } from "#protocol/limits.ts";
import { countUnread, listHeads, listInbox } from "./queries.ts";

const pageOf = (view: InboxView, index: string, name: string): AccessPath[] =>
  [false, true].map(later => ({
    name: `${name}, ${later ? "a later page" : "the first page"}`,
    query: listInbox,
    run: (db, { websiteId, agentId, conversationId, lastMessageAt }) =>
      listInbox(db, {
        websiteId,
        userId: agentId,
        view,
        cursor: later ? `${lastMessageAt.toISOString()}_${conversationId}` : null,
        limit: limits.inboxPageSize,
      }),
    indexes: [index, "visitors_pkey", "users_pkey"],
    // a conversation, its visitor and its assignee for each row
    buffers: (limits.inboxPageSize + 1) * 12,
  }));

export const accessPaths: AccessPath[] = [
  ...pageOf("all", "conversations_by_status", "conversations of a website by status: open"),
  ...pageOf("resolved", "conversations_by_status", "conversations of a website by status: resolved"),
  ...pageOf("mine", "conversations_assigned", "conversations of a website by assignee"),
  ...pageOf("unassigned", "conversations_unassigned", "conversations of a website that nobody has"),
  {
    name: "unread of a website",
    query: countUnread,
    run: (db, { websiteId, agentId }) => countUnread(db, { websiteId, userId: agentId }),
    indexes: ["conversations_unread"],
    // three counts, each of entries that may have to be looked at in the table
    buffers: 3 * (limits.unreadCountMax + 5),
  },
  {
    name: "conversations of a website that changed lately",
    query: listHeads,
    run: (db, { websiteId }) => listHeads(db, websiteId, { sinceMs: 60_000, limit: 200 }),
    indexes: ["conversations_by_status"],
    buffers: 250,
  },
];
