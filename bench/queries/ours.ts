import type pg from "pg";
import { newId } from "#client/ids.ts";
import type { Connection, Query } from "#database/connect.ts";
import { createBatcher } from "#platform/batcher.ts";
import { limits } from "#protocol/limits.ts";
import { findConversation } from "#server/features/conversations/queries.ts";
import { countUnread, listInbox } from "#server/features/inbox/queries.ts";
import type { NewMessage } from "#server/features/messages/new-message.ts";
import { listMessages } from "#server/features/messages/queries.ts";
import { writeBatch, writeOne } from "#server/features/messages/write.ts";
import { messageLine, type Reader, type Readers, rowLine, type Target, unreadLine, type Writer } from "./peers/peer.ts";
import { inTransaction, randomKeyOf } from "./peers/statements.ts";
import { conversationsLine } from "./sample.ts";

/** The product's own queries. */
export function ourReaders({ db }: Connection): Required<Readers> {
  const page =
    (limit: number): Reader =>
    async ({ websiteId, conversationId, beforeSeq }) => {
      const before = beforeSeq || undefined;
      const { messages } = await listMessages(db, { websiteId, conversationId, before, limit, publicOnly: false });
      return () => messages.map(({ createdAt, body }) => messageLine(new Date(createdAt), body));
    };
  return {
    "newest-50": page(50),
    "newest-50-long": page(50),
    "newest-1000": page(1_000),
    middle: page(50),
    "unread-conversation": async target => {
      const row = await findConversation(db, target);
      return () => [unreadLine(row!.agentUnread)];
    },
    "unread-website": async ({ websiteId, agentId }) => {
      const { all } = await countUnread(db, { websiteId, userId: agentId });
      return () => [conversationsLine(all)];
    },
    inbox: async ({ websiteId, agentId }) => {
      const [{ rows }] = await Promise.all([
        listInbox(db, { websiteId, userId: agentId, view: "all", cursor: null, limit: limits.inboxPageSize }),
        countUnread(db, { websiteId, userId: agentId }),
      ]);
      return () => rows.map(row => rowLine(row.lastMessageAt, randomKeyOf(row.id), row.agentUnread));
    },
  };
}

/** As the server writes: messages that arrive while a batch is being written form the next batch. */
export function ourWriter({ pipelines }: Connection): Writer {
  const write = createBatcher((messages: NewMessage[]) => writeBatch(pipelines, messages));
  return (target, body) => write(newMessage(target, body));
}

/** The same statements, in one transaction per message; each waits for the previous one. */
export function ourWriterOneByOne(client: pg.Client): Writer {
  const query: Query = async statement => (await client.query(statement)).rows;
  return (target, body) => inTransaction(client, () => writeOne(query, newMessage(target, body)));
}

const newMessage = ({ websiteId, conversationId, visitorId }: Target, body: string): NewMessage => ({
  websiteId,
  conversationId,
  id: newId(),
  kind: "text",
  body,
  author: "visitor",
  authorId: visitorId,
});
