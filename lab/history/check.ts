import { checkChanges } from "./check-changes.ts";
import { checkConversation } from "./check-conversation.ts";
import { checkHeld } from "./check-held.ts";
import { checkReceived } from "./check-received.ts";
import { checkAcknowledged, checkSent } from "./check-sent.ts";
import type { Held, History, Stored } from "./history.ts";
import { indexTexts } from "./texts.ts";
import type { Conversations, Violation } from "./violation.ts";

/**
 * Compares a history with what is stored after it and what clients hold then. What was acknowledged must be stored once,
 * with the numbers 1..n; the last edit is what remains; no deleted text is anywhere; and each client holds exactly what it
 * may see.
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
