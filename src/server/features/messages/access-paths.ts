import type { AccessPath } from "#database/health/access-path.ts";
import { limits } from "#protocol/limits.ts";
import { listMessages } from "./queries.ts";

const limit = limits.pageSize;
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
];
