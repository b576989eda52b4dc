import {
  type Held,
  type History,
  isPublic,
  type Listener,
  maySee,
  type Seen,
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
  /** stored, and nobody wrote it, or not so, not there, not they */
  | "altered"
  /** written by somebody who is still there, and not stored */
  | "unsent"
  /** stored or acknowledged, and nobody may write so */
  | "admitted"
  /** refused to somebody who did nothing wrong */
  | "refused"
  /** a counter of a conversation, or what a client shows of it, is not what counting gives */
  | "unread"
  /** told to somebody whom it is not for */
  | "overheard"
  /** told, and not stored so */
  | "untrue"
  /** stored, and not held by a client that should */
  | "missing"
  /** held by a client, and not stored so */
  | "phantom"
  /** held by a client twice, or after a later one */
  | "disordered";

export type Violation = { rule: Rule; what: string };

/** Who may see a message, by its conversation. */
type Conversations = Map<string, StoredConversation>;

/**
 * Whether a history, what is stored after it and what clients hold then can all be true of a chat that keeps its
 * promises: acknowledged means stored once, numbers 1..n, everybody holds what they may see and nothing else.
 * @returns every violation, none when all is well
 */
export function check(history: History, stored: Stored, held: Held[]): Violation[] {
  const conversations: Conversations = new Map(stored.conversations.map(row => [row.id, row]));
  const byConversation = Map.groupBy(stored.messages, message => message.conversationId);
  return [
    ...checkAcknowledged(history, stored),
    ...checkWritten(history, stored, conversations),
    ...stored.conversations.flatMap(row => checkConversation(row, byConversation.get(row.id) ?? [])),
    ...history.listeners.flatMap(listener => checkHeard(listener, stored, conversations)),
    ...held.flatMap(client => checkHeld(client, stored.conversations, byConversation)),
  ];
}

const keyOf = ({ conversationId, seq, id, kind, body }: Seen) => `${conversationId} ${seq} ${id} ${kind} ${body}`;
const say = ({ conversationId, seq, id, kind, body }: Seen) =>
  `${kind} "${body.slice(0, 60)}", number ${seq} of ${conversationId}, id ${id}`;

function checkAcknowledged({ acknowledged }: History, { messages }: Stored): Violation[] {
  const keys = new Set(messages.map(keyOf));
  return acknowledged.filter(seen => !keys.has(keyOf(seen))).map(seen => ({ rule: "lost", what: say(seen) }));
}

/** What was written beside what is stored, message by message. */
function checkWritten(history: History, { messages }: Stored, conversations: Conversations): Violation[] {
  const violations: Violation[] = [];
  const sent = new Map(history.sent.map(each => [each.body, each]));
  const copies = Map.groupBy(messages.filter(isWritten), ({ body }) => body);
  const refused = new Map(history.refused.map(({ body, code }) => [body, code]));
  const acknowledged = new Set(history.acknowledged.map(({ body }) => body));

  for (const [body, rows] of copies) {
    if (rows.length > 1) violations.push({ rule: "doubled", what: `${rows.length} times: ${say(rows[0]!)}` });
    for (const row of rows) {
      const { author, kind } = sent.get(body) ?? {};
      const conversation = conversations.get(row.conversationId);
      const authorId = row.author === "visitor" ? conversation?.visitorId : row.authorId;
      const isTrue = author?.kind === row.author && author.id === authorId && kind === row.kind;
      if (!isTrue || !author.websiteIds.includes(row.websiteId)) {
        violations.push({ rule: "altered", what: `by ${row.author} ${authorId}: ${say(row)}` });
      }
    }
  }
  for (const { person, body, isForbidden } of history.sent) {
    const isThere = copies.has(body) || acknowledged.has(body);
    const what = `"${body.slice(0, 60)}" of ${person}`;
    if (isForbidden) {
      if (isThere) violations.push({ rule: "admitted", what });
    } else if (refused.has(body)) violations.push({ rule: "refused", what: `${what}: ${refused.get(body)}` });
    else if (!isThere && !history.left.has(person)) violations.push({ rule: "unsent", what });
  }
  return violations;
}

/** Events tell what was done; nobody wrote them. */
const isWritten = ({ kind }: StoredMessage) => kind !== "event";

function checkConversation(row: StoredConversation, messages: StoredMessage[]): Violation[] {
  const violations: Violation[] = [];
  const seqs = messages.map(({ seq }) => seq).sort((a, b) => a - b);
  if (seqs.some((seq, i) => seq !== i + 1)) violations.push({ rule: "gap", what: `${row.id} has ${seqs.join(" ")}` });
  for (const [id, { length }] of Map.groupBy(messages, message => message.id)) {
    if (length > 1) violations.push({ rule: "doubled", what: `id ${id} is ${length} times in ${row.id}` });
  }
  const spoken = messages.filter(isPublic);
  const unread = (author: string, readSeq: number) =>
    spoken.filter(message => message.author === author && message.seq > readSeq).length;
  const counted = {
    lastSeq: seqs.at(-1) ?? 0,
    lastPublicSeq: Math.max(0, ...spoken.map(({ seq }) => seq)),
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

function checkHeard({ name, audience, heard }: Listener, stored: Stored, conversations: Conversations): Violation[] {
  const keys = new Set(stored.messages.map(keyOf));
  return heard.flatMap((seen): Violation[] => {
    const conversation = conversations.get(seen.conversationId);
    if (!conversation || !keys.has(keyOf(seen))) return [{ rule: "untrue", what: `${name} was told of ${say(seen)}` }];
    const isTheirs = maySee(audience, conversation) && (audience.visitorId === null || isPublic(seen));
    return isTheirs ? [] : [{ rule: "overheard", what: `${name} was told of ${say(seen)}` }];
  });
}

function checkHeld(
  { name, audience, threads, unsent }: Held,
  conversations: StoredConversation[],
  byConversation: Map<string, StoredMessage[]>,
): Violation[] {
  const violations: Violation[] = unsent.map(body => ({ rule: "unsent", what: `"${body}" waits at ${name}` }));
  const isAgent = audience.visitorId === null;
  const theirs = conversations.filter(row => maySee(audience, row));
  for (const row of theirs) {
    const rows = (byConversation.get(row.id) ?? []).filter(message => isAgent || isPublic(message));
    const thread = threads.find(({ conversationId }) => conversationId === row.id);
    const holds = new Set(thread?.messages.map(keyOf));
    for (const message of rows) {
      if (!holds.has(keyOf(message))) violations.push({ rule: "missing", what: `${name} lacks ${say(message)}` });
    }
    const unread = isAgent ? row.agentUnread : row.visitorUnread;
    if (thread && thread.unread !== unread) {
      violations.push({ rule: "unread", what: `${name} shows ${thread.unread} of ${row.id}, stored is ${unread}` });
    }
  }
  const visible = new Set(theirs.flatMap(({ id }) => (byConversation.get(id) ?? []).map(keyOf)));
  for (const { messages } of threads) {
    for (const [i, message] of messages.entries()) {
      if (!visible.has(keyOf(message))) violations.push({ rule: "phantom", what: `${name} holds ${say(message)}` });
      if (i > 0 && messages[i - 1]!.seq >= message.seq) {
        violations.push({ rule: "disordered", what: `${name} holds ${say(message)} after ${messages[i - 1]!.seq}` });
      }
    }
  }
  return violations;
}
