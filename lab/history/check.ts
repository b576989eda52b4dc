import { checkChanges } from "./check-changes.ts";
import { checkConversation } from "./check-conversation.ts";
import { checkHeld } from "./check-held.ts";
import { checkReceived } from "./check-received.ts";
import { checkAcknowledged, checkSent } from "./check-sent.ts";
import type { Held, History, Stored } from "./history.ts";
import { indexTexts } from "./texts.ts";
import type { Conversations, Violation } from "./violation.ts";

/**
 * Checks a history, what is stored after it and what clients hold then against the promises of the chat: acknowledged
 * means stored once, the numbers are 1..n, the last edit counts, what is deleted is gone, and each client holds exactly
 * what it may see.
 * @returns all violations
 */
export function check(history: History, stored: Stored, held: Held[]): Violation[] {
  const conversations: Conversations = new Map(stored.conversations.map(row => [row.id, row]));
  const byConversation = Map.groupBy(stored.messages, message => message.conversationId);
  const texts = indexTexts(history, stored);
  return [
    ...checkAcknowledged(history, stored),
    ...checkSent(history, stored, conversations, texts),
    ...checkChanges(history, stored),
    ...stored.conversations.flatMap(row => checkConversation(row, byConversation.get(row.id) ?? [])),
    ...checkReceived(history, stored, conversations, texts),
    ...held.flatMap(client => checkHeld(client, stored.conversations, byConversation, texts)),
  ];
}
