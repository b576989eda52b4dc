import type { AccessPath } from "#database/query-plans/access-path.ts";
import { listThreads } from "#server/features/conversations/threads.ts";

const named = ["visitors_pkey", "users_pkey"];

export const accessPaths: AccessPath[] = [
  {
    name: "threads of visitors who connect",
    query: listThreads,
    run: (db, { websiteId, visitorId }) => listThreads(db, [{ websiteId, visitorId, externalId: null }]),
    indexes: ["conversations_by_visitor", "visitors_by_external_id", ...named],
    buffers: 24,
  },
  {
    name: "threads of logged-in visitors who connect",
    query: listThreads,
    run: (db, key) => listThreads(db, [key]),
    indexes: ["conversations_by_visitor", "visitors_by_external_id", ...named],
    buffers: 28,
  },
];
