import { listDeleted } from "#database/lifecycle/deleted.ts";
import { findDriftOf } from "#database/lifecycle/recount.ts";
import { listMessagesBetween } from "#database/partitions/by-time.ts";
import type { AccessPath } from "#database/query-plans/access-path.ts";
import * as accounts from "./features/accounts/access-paths.ts";
import * as agents from "./features/agents/access-paths.ts";
import * as conversations from "./features/conversations/access-paths.ts";
import * as inbox from "./features/inbox/access-paths.ts";
import * as messages from "./features/messages/access-paths.ts";
import * as visitors from "./features/visitors/access-paths.ts";
import * as websites from "./features/websites/access-paths.ts";
import * as widget from "./features/widget/access-paths.ts";
import * as core from "./identity/access-paths.ts";

const dayMs = 86_400_000;

const ofDatabase: AccessPath[] = [
  {
    name: "messages by time",
    query: listMessagesBetween,
    run: (db, { websiteId, lastMessageAt }) =>
      listMessagesBetween(db, {
        websiteId,
        from: new Date(lastMessageAt.getTime() - dayMs),
        until: lastMessageAt,
        after: null,
        limit: 1000,
      }),
    // messages_by_id lies in the order of the heap: PostgreSQL 15 takes it for a website that has most of a month
    indexes: ["messages_pkey", "messages_by_id", "conversations_deleted", "conversations_pkey"],
  },
  {
    name: "deleted conversations of a website",
    query: listDeleted,
    run: (db, { websiteId }) => listDeleted(db, { websiteId, before: new Date(), limit: 100 }),
    indexes: ["conversations_deleted"],
    buffers: 120,
  },
  {
    name: "counters that differ from their messages",
    query: findDriftOf,
    run: (db, { websiteId }) => findDriftOf(db, { websiteId, sinceHours: 1 }),
    indexes: ["conversations_by_status", "conversations_pkey", "messages_pkey"],
  },
];

/** Every query of the product; the first ones are those that people wait for. */
export const accessPaths: AccessPath[] = [
  ...inbox.accessPaths,
  ...messages.accessPaths,
  ...conversations.accessPaths,
  ...visitors.accessPaths,
  ...widget.accessPaths,
  ...websites.accessPaths,
  ...agents.accessPaths,
  ...accounts.accessPaths,
  ...core.accessPaths,
  ...ofDatabase,
];
