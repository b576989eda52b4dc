import type { NewMessage } from "#server/features/messages/new-message.ts";

/** A model of writing messages, as simple as possible: one after another, in lists. */

export type ModelMessage = Pick<NewMessage, "id" | "kind" | "body" | "author" | "authorId"> & { seq: number };
export type ModelConversation = {
  websiteId: number;
  id: string;
  visitorId: string;
  /** ids of the agents who belong to its website */
  members: string[];
  state: "open" | "expired" | "deleted";
  messages: ModelMessage[];
};

export type ModelOutcome =
  | { outcome: "not_found" | "conflict" | "expired" }
  | { outcome: "inserted" | "duplicate"; seq: number; previousPublicSeq: number; kind: string; body: string };

/** Writes a batch. Of messages with the same id in the same conversation, the later ones are written after all others. */
export function writeInModel(conversations: ModelConversation[], newMessages: NewMessage[]): ModelOutcome[] {
  const outcomes = new Map<NewMessage, ModelOutcome>();
  for (let left = newMessages; left.length > 0; ) {
    const turn = left.filter((message, i) => left.findIndex(other => sameMessage(other, message)) === i);
    for (const message of turn) outcomes.set(message, writeOneInModel(conversations, message));
    left = left.filter(message => !turn.includes(message));
  }
  return newMessages.map(message => outcomes.get(message)!);
}

const sameMessage = (a: NewMessage, b: NewMessage) =>
  a.websiteId === b.websiteId && a.conversationId === b.conversationId && a.id === b.id;

function writeOneInModel(conversations: ModelConversation[], newMessage: NewMessage): ModelOutcome {
  const conversation = conversations.find(
    ({ websiteId, id }) => websiteId === newMessage.websiteId && id === newMessage.conversationId,
  );
  if (!conversation || conversation.state === "deleted") return { outcome: "not_found" };
  const { visitorId, members, messages, state } = conversation;
  const mayWrite =
    newMessage.author === "visitor" ? visitorId === newMessage.authorId : members.includes(newMessage.authorId);
  if (!mayWrite) return { outcome: "not_found" };

  const duplicate = messages.find(message => message.id === newMessage.id);
  if (duplicate) {
    if (duplicate.author !== newMessage.author || duplicate.authorId !== newMessage.authorId)
      return { outcome: "conflict" };
    return { outcome: "duplicate", ...answerOf(messages, duplicate) };
  }
  if (state === "expired") return { outcome: "expired" };
  const { id, kind, body, author, authorId } = newMessage;
  const message = { id, kind, body, author, authorId, seq: messages.length + 1 };
  messages.push(message);
  return { outcome: "inserted", ...answerOf(messages, message) };
}

function answerOf(messages: ModelMessage[], { seq, kind, body }: ModelMessage) {
  const before = messages.filter(message => message.seq < seq && message.kind !== "note");
  return { seq, previousPublicSeq: before.at(-1)?.seq ?? 0, kind, body };
}

/** The conversation's row, if none of its messages was read. */
export function rowInModel({ messages }: ModelConversation) {
  const visible = messages.filter(({ kind }) => kind !== "note");
  const last = visible.at(-1);
  return {
    lastSeq: messages.length,
    lastPublicSeq: last?.seq ?? 0,
    preview: last?.body.slice(0, 200) ?? "",
    previewAuthor: last?.author ?? "visitor",
    agentUnread: messages.filter(({ author }) => author === "visitor").length,
    visitorUnread: visible.filter(({ author }) => author === "agent").length,
    waiting: last?.author === "visitor",
    answered: visible.some(({ author }) => author === "agent"),
  };
}
