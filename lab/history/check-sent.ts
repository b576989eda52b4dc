import type { History, Stored, StoredMessage } from "./history.ts";
import type { Texts } from "./texts.ts";
import { type Conversations, describe, placeOf, targetOf, type Violation } from "./violation.ts";

export function checkAcknowledged({ acknowledged }: History, { messages }: Stored): Violation[] {
  const places = new Set(messages.map(placeOf));
  return acknowledged.filter(copy => !places.has(placeOf(copy))).map(copy => ({ rule: "lost", what: describe(copy) }));
}

/** Compares what was sent with what is stored, message by message. */
export function checkSent(
  history: History,
  { messages }: Stored,
  conversations: Conversations,
  texts: Texts,
): Violation[] {
  const copies = Map.groupBy(messages.filter(isSent), ({ text }) => texts.find(text)?.sent);
  const stored = [...copies].flatMap(([, rows]): Violation[] => [
    ...(rows.length > 1 && texts.find(rows[0]!.text)
      ? [{ rule: "doubled" as const, what: `${rows.length} times: ${describe(rows[0]!)}` }]
      : []),
    ...rows.flatMap(row => checkOrigin(row, conversations, texts)),
  ]);
  const refused = new Map(history.refused.map(({ body, code }) => [body, code]));
  const acknowledged = new Set(history.acknowledged.map(({ body }) => body));
  const sent = history.sent.flatMap((each): Violation[] => {
    const { actor, body, isForbidden } = each;
    const isAccepted = copies.has(each) || acknowledged.has(body);
    const what = `"${body.slice(0, 60)}" of ${actor}`;
    if (refused.has(body)) return [{ rule: "refused", what: `${what}: ${refused.get(body)}` }];
    if (isForbidden) return isAccepted ? [{ rule: "accepted", what }] : [];
    return isAccepted || history.left.has(actor) ? [] : [{ rule: "unsent", what }];
  });
  return [...stored, ...sent];
}

/** No actor sends the events of a conversation. */
const isSent = ({ kind }: StoredMessage) => kind !== "event";

/** A stored message, and the edit that it shows, must be its author's. */
function checkOrigin(row: StoredMessage, conversations: Conversations, texts: Texts): Violation[] {
  const { sent, change = null } = texts.find(row.text) ?? {};
  const { author, kind } = sent ?? {};
  const conversation = conversations.get(row.conversationId);
  const authorId = row.author === "visitor" ? conversation?.visitorId : row.authorId;
  const isEqual = author?.kind === row.author && author.id === authorId && kind === row.kind;
  const isOfThis = !change || targetOf(change) === targetOf(row);
  const isAltered = !isEqual || !author.websiteIds.includes(row.websiteId) || !isOfThis;
  return isAltered ? [{ rule: "altered", what: `by ${row.author} ${authorId}: ${describe(row)}` }] : [];
}
