import {
  type Audience,
  type History,
  isPublic,
  type MessageCopy,
  maySee,
  type Receiver,
  type Stored,
  type StoredConversation,
  type StoredMessage,
} from "./history.ts";
import type { Texts } from "./texts.ts";
import { type Conversations, contentOf, describe, placeOf, targetOf, type Violation } from "./violation.ts";

/** Checks what clients received, also those that were closed since. */
export function checkReceived(
  { receivers, revealed }: History,
  stored: Stored,
  conversations: Conversations,
  texts: Texts,
): Violation[] {
  const rows = new Map(stored.messages.map(row => [placeOf(row), row]));
  return [
    ...receivers.flatMap(({ name, audience, received }) =>
      received.flatMap((copy): Violation[] => {
        const what = `${name} received ${describe(copy)}`;
        const conversation = conversations.get(copy.conversationId);
        const row = rows.get(placeOf(copy));
        if (!conversation || !row || !wasStored(copy, row, texts)) return [{ rule: "unstored", what }];
        return mayReceive(audience, conversation, row) ? [] : [{ rule: "leaked", what }];
      }),
    ),
    ...receivers.flatMap(receiver => checkTexts(receiver, conversations, texts)),
    ...revealed.map(({ receiver, text }): Violation => {
      return { rule: "resurrected", what: `${receiver} asked after its deletion and was answered "${text}"` };
    }),
  ];
}

const mayReceive = (audience: Audience, conversation: StoredConversation, message: MessageCopy) =>
  maySee(audience, conversation) && (audience.visitorId === null || isPublic(message));

/** A copy may be older than what is stored; then its text is one of this message. */
function wasStored(copy: MessageCopy, row: StoredMessage, texts: Texts): boolean {
  if (copy.kind === "event" || copy.changedVersion >= row.changedVersion) return contentOf(copy) === contentOf(row);
  const { sent, change } = texts.find(copy.body) ?? {};
  if (copy.isDeleted || !sent || sent !== texts.find(row.text)?.sent) return false;
  return change ? !change.isForbidden && targetOf(change) === targetOf(row) : copy.changedVersion === 0;
}

/** A text may also be shown by the preview of a conversation. */
function checkTexts({ name, audience, texts: received }: Receiver, conversations: Conversations, texts: Texts) {
  return [...received].flatMap((text): Violation[] => {
    const row = texts.findStored(text);
    const conversation = row && conversations.get(row.conversationId);
    if (!conversation || mayReceive(audience, conversation, row)) return [];
    return [{ rule: "leaked", what: `${name} received the text "${text}"` }];
  });
}
