import { queryIn } from "#database/connect.ts";
import type { AccessPath, Sample } from "#database/query-plans/access-path.ts";
import { limits } from "#protocol/limits.ts";
import { listMessages } from "./queries.ts";
import type { Draft } from "./write.ts";
import { writeStatements } from "./write-statements.ts";

const limit = limits.pageSize;
const draftCount = 10;
const named = ["visitors_pkey", "users_pkey"];
const page = {
  query: listMessages,
  indexes: ["messages_pkey", "users_pkey"],
  // each message may lie on a page of its own; its author is looked up
  buffers: 10 + (limit + 1) * 3,
};

export const accessPaths: AccessPath[] = [
  {
    ...page,
    name: "messages of a conversation, the newest",
    run: (db, key) => listMessages(db, { ...key, limit, publicOnly: false }),
  },
  {
    ...page,
    name: "messages of a conversation before one",
    run: (db, { lastSeq, ...key }) =>
      listMessages(db, { ...key, before: Math.ceil(lastSeq / 2), limit, publicOnly: false }),
  },
  {
    ...page,
    name: "messages of a conversation after one",
    run: (db, { lastSeq, ...key }) =>
      listMessages(db, { ...key, after: Math.floor(lastSeq / 2), limit, publicOnly: false }),
  },
  {
    ...page,
    name: "messages of a conversation, as its visitor sees them",
    run: (db, key) => listMessages(db, { ...key, limit, publicOnly: true }),
  },
  {
    name: "a batch of sends",
    query: writeStatements,
    async run(db, sample) {
      for (const statement of writeStatements(draftsFor(sample))) await queryIn(db)(statement);
    },
    indexes: ["conversations_pkey", "memberships_pkey", "messages_by_id", "messages_pkey", ...named],
    buffers: draftCount * 40 + 100,
  },
];

function draftsFor({ websiteId, conversationId, visitorId, agentId }: Sample): Draft[] {
  return Array.from({ length: draftCount }, (_, i) => ({
    websiteId,
    conversationId,
    id: `00000000-0000-7000-8000-${String(i).padStart(12, "0")}`,
    kind: "text",
    body: "Hello",
    ...(i % 2 ? { author: "visitor", authorId: visitorId } : { author: "agent", authorId: agentId }),
  }));
}
