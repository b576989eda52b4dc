import {
  type Held,
  type History,
  isPublic,
  type MessageCopy,
  maySee,
  type Receiver,
  type Stored,
  type StoredConversation,
  type StoredMessage,
} from "./history.ts";

export type Rule =
  /** acknowledged, and not stored as it was acknowledged */
  | "lost"
  /** stored twice, or its id twice in a conversation */
  | "doubled"
  /** the numbers of a conversation are not 1..n */
  | "gap"
  /** stored with another author, kind, body or place than it was sent with */
  | "altered"
  /** sent by an actor who has not left, and not stored */
  | "unsent"
  /** stored or acknowledged though the server had to refuse it */
  | "accepted"
  /** refused though it was allowed */
  | "refused"
  /** a counter of a conversation, or the one that a client shows, differs from the count */
  | "unread"
  /** received by a client that may not see it */
  | "leaked"
  /** received, and not stored so */
  | "unstored"
  /** stored, and not held by a client that may see it */
  | "missing"
  /** held by a client at the end, and not stored so */
  | "phantom"
  /** held by a client twice, or after a later one */
  | "disordered";

export type Violation = { rule: Rule; what: string };

/** By id: they decide who may see a message. */
type Conversations = Map<string, StoredConversation>;

/**
 * Checks a history, what is stored after it and what clients hold then against the promises of the chat: acknowledged
 * means stored once, the numbers are 1..n, and each client holds exactly what it may see.
 * @returns all violations
 */
export function check(history: History, stored: Stored, held: Held[]): Violation[] {
  const conversations: Conversations = new Map(stored.conversations.map(row => [row.id, row]));
  const byConversation = Map.groupBy(stored.messages, message => message.conversationId);
  return [
    ...checkAcknowledged(history, stored),
    ...checkSent(history, stored, conversations),
    ...stored.conversations.flatMap(row => checkConversation(row, byConversation.get(row.id) ?? [])),
    ...history.receivers.flatMap(receiver => checkReceived(receiver, stored, conversations)),
    ...held.flatMap(client => checkHeld(client, stored.conversations, byConversation)),
  ];
}

const keyOf = ({ conversationId, seq, id, kind, body }: MessageCopy) =>
  `${conversationId} ${seq} ${id} ${kind} ${body}`;
const describe = ({ conversationId, seq, id, kind, body }: MessageCopy) =>
  `${kind} "${body.slice(0, 60)}", number ${seq} of ${conversationId}, id ${id}`;

function checkAcknowledged({ acknowledged }: History, { messages }: Stored): Violation[] {
  const keys = new Set(messages.map(keyOf));
  return acknowledged.filter(copy => !keys.has(keyOf(copy))).map(copy => ({ rule: "lost", what: describe(copy) }));
}

/** Compares what was sent with what is stored, message by message. */
function checkSent(history: History, { messages }: Stored, conversations: Conversations): Violation[] {
  const violations: Violation[] = [];
  const sent = new Map(history.sent.map(each => [each.body, each]));
  const copies = Map.groupBy(messages.filter(isSent), ({ body }) => body);
  const refused = new Map(history.refused.map(({ body, code }) => [body, code]));
  const acknowledged = new Set(history.acknowledged.map(({ body }) => body));

  for (const [body, rows] of copies) {
    if (rows.length > 1) violations.push({ rule: "doubled", what: `${rows.length} times: ${describe(rows[0]!)}` });
    for (const row of rows) {
      const { author, kind } = sent.get(body) ?? {};
      const conversation = conversations.get(row.conversationId);
      const authorId = row.author === "visitor" ? conversation?.visitorId : row.authorId;
      const isEqual = author?.kind === row.author && author.id === authorId && kind === row.kind;
      if (!isEqual || !author.websiteIds.includes(row.websiteId)) {
        violations.push({ rule: "altered", what: `by ${row.author} ${authorId}: ${describe(row)}` });
      }
    }
  }
  for (const { actor, body, isForbidden } of history.sent) {
    const isAccepted = copies.has(body) || acknowledged.has(body);
    const what = `"${body.slice(0, 60)}" of ${actor}`;
    if (isForbidden) {
      if (isAccepted) violations.push({ rule: "accepted", what });
    } else if (refused.has(body)) violations.push({ rule: "refused", what: `${what}: ${refused.get(body)}` });
    else if (!isAccepted && !history.left.has(actor)) violations.push({ rule: "unsent", what });
  }
  return violations;
}

/** No actor sends the events of a conversation. */
const isSent = ({ kind }: StoredMessage) => kind !== "event";

function checkConversation(row: StoredConversation, messages: StoredMessage[]): Violation[] {
  const violations: Violation[] = [];
  const seqs = messages.map(({ seq }) => seq).sort((a, b) => a - b);
  if (seqs.some((seq, i) => seq !== i + 1)) violations.push({ rule: "gap", what: `${row.id} has ${seqs.join(" ")}` });
  for (const [id, { length }] of Map.groupBy(messages, message => message.id)) {
    if (length > 1) violations.push({ rule: "doubled", what: `id ${id} is ${length} times in ${row.id}` });
  }
  const visible = messages.filter(isPublic);
  const unread = (author: string, readSeq: number) =>
    visible.filter(message => message.author === author && message.seq > readSeq).length;
  const counted = {
    lastSeq: seqs.at(-1) ?? 0,
    lastPublicSeq: Math.max(0, ...visible.map(({ seq }) => seq)),
    agentUnread: unread("visitor", row.agentReadSeq),
    visitorUnread: unread("agent", row.visitorReadSeq),
  };
  for (const [name, count] of Object.entries(counted) as [keyof typeof counted, number][]) {
    if (row[name] !== count) {
      violations.push({ rule: "unread", what: `${name} of ${row.id} is ${row[name]}, counted ${count}` });
    }
  }
  return violations;
}

function checkReceived(
  { name, audience, received }: Receiver,
  stored: Stored,
  conversations: Conversations,
): Violation[] {
  const keys = new Set(stored.messages.map(keyOf));
  return received.flatMap((copy): Violation[] => {
    const what = `${name} received ${describe(copy)}`;
    const conversation = conversations.get(copy.conversationId);
    if (!conversation || !keys.has(keyOf(copy))) return [{ rule: "unstored", what }];
    const isAllowed = maySee(audience, conversation) && (audience.visitorId === null || isPublic(copy));
    return isAllowed ? [] : [{ rule: "leaked", what }];
  });
}

function checkHeld(
  { name, audience, threads, unsent }: Held,
  conversations: StoredConversation[],
  byConversation: Map<string, StoredMessage[]>,
): Violation[] {
  const violations: Violation[] = unsent.map(body => ({
    rule: "unsent",
    what: `"${body}" is in the outbox of ${name}`,
  }));
  const isAgent = audience.visitorId === null;
  const own = conversations.filter(row => maySee(audience, row));
  for (const row of own) {
    const rows = (byConversation.get(row.id) ?? []).filter(message => isAgent || isPublic(message));
    const thread = threads.find(({ conversationId }) => conversationId === row.id);
    const holds = new Set(thread?.messages.map(keyOf));
    for (const message of rows) {
      if (!holds.has(keyOf(message))) violations.push({ rule: "missing", what: `${name} lacks ${describe(message)}` });
    }
    const unread = isAgent ? row.agentUnread : row.visitorUnread;
    if (thread && thread.unread !== unread) {
      violations.push({ rule: "unread", what: `${name} shows ${thread.unread} of ${row.id}, stored is ${unread}` });
    }
  }
  const visible = new Set(own.flatMap(({ id }) => (byConversation.get(id) ?? []).map(keyOf)));
  for (const { messages } of threads) {
    for (const [i, message] of messages.entries()) {
      if (!visible.has(keyOf(message)))
        violations.push({ rule: "phantom", what: `${name} holds ${describe(message)}` });
      if (i > 0 && messages[i - 1]!.seq >= message.seq) {
        violations.push({
          rule: "disordered",
          what: `${name} holds ${describe(message)} after ${messages[i - 1]!.seq}`,
        });
      }
    }
  }
  return violations;
}
