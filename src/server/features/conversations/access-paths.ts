import type { AccessPath } from "#database/query-plans/access-path.ts";
import {
  countAfter,
  findConversation,
  findCurrentConversation,
  insertConversation,
  insertEvent,
  lockConversation,
  unassignAll,
  updateConversation,
} from "./queries.ts";

const newId = "00000000-0000-7000-8000-000000000000";
const named = ["visitors_pkey", "users_pkey"];

export const accessPaths: AccessPath[] = [
  {
    name: "unread of a conversation, and all else that its row says",
    query: findConversation,
    run: findConversation,
    indexes: ["conversations_pkey", ...named],
    buffers: 16,
  },
  {
    name: "lock of a conversation",
    query: lockConversation,
    run: lockConversation,
    indexes: ["conversations_pkey", ...named],
    buffers: 20,
  },
  {
    name: "conversations of a visitor, the newest",
    query: findCurrentConversation,
    run: findCurrentConversation,
    indexes: ["conversations_by_visitor", ...named],
    buffers: 20,
  },
  {
    name: "a new conversation",
    query: insertConversation,
    run: (db, { websiteId, visitorId, agentId }) =>
      insertConversation(db, { websiteId, id: newId, visitorId, continuesId: null, assigneeId: agentId }),
    indexes: [],
    buffers: 60,
  },
  {
    name: "a change of a conversation",
    query: updateConversation,
    run: (db, key) => updateConversation(db, key, { agent_unread: 0 }),
    indexes: ["conversations_pkey"],
    buffers: 60,
  },
  {
    name: "an event in a conversation",
    query: insertEvent,
    run: (db, { lastSeq, agentId, ...key }) =>
      insertEvent(db, { ...key, seq: lastSeq + 1, id: newId, authorId: agentId, details: { type: "resolved" } }),
    indexes: ["conversations_pkey"],
    buffers: 60,
  },
  {
    name: "what follows a read cursor",
    query: countAfter,
    run: (db, { lastSeq, ...key }) => countAfter(db, { ...key, seq: lastSeq - 20, author: "visitor" }),
    indexes: ["messages_pkey"],
    buffers: 30,
  },
  {
    name: "conversations of an agent who leaves",
    query: unassignAll,
    run: (db, { websiteId, agentId }) => unassignAll(db, { websiteId, userId: agentId }),
    indexes: ["conversations_assigned"],
  },
];
