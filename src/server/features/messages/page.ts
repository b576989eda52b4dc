import type { Db } from "#database/connect.ts";
import type { Message } from "#protocol/messages.ts";
import type { ConversationRow } from "#server/features/conversations/feature.ts";
import { deletedInWords } from "./message.ts";
import { listChangedMessages, listMessages } from "./queries.ts";

type Asked = {
  before?: number | undefined;
  after?: number | undefined;
  since?: number | undefined;
  limit: number;
  /** as visitors see it */
  publicOnly: boolean;
};

type Page = { messages: Message[]; more: boolean; changed: Message[]; moreChanged: boolean };

/**
 * A page of messages, with the changes after `since`.
 * @param conversation  read before the page, so that the page has every change up to its `changedVersion`
 */
export async function readPage(db: Db, conversation: ConversationRow, asked: Asked): Promise<Page> {
  const { websiteId, id: conversationId, changedVersion } = conversation;
  const { before, after, since, limit, publicOnly } = asked;
  const deletedBody = since === undefined ? deletedInWords : "";
  const reader = { websiteId, conversationId, limit, publicOnly, deletedBody };
  const page = await listMessages(db, { ...reader, before, after });
  if (after === undefined || since === undefined || changedVersion <= since) {
    return { ...page, changed: [], moreChanged: false };
  }
  return { ...page, ...(await listChangedMessages(db, { ...reader, upTo: after, since })) };
}
