import type { NewMessage } from "#server/features/messages/new-message.ts";

/** What writing messages means, said as simply as it can be: one after another, in lists. */

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

/** Writes a batch; of drafts with one id for one conversation the later ones come after all others. */
export function writeInModel(conversations: ModelConversation[], drafts: NewMessage[]): ModelOutcome[] {
  const outcomes = new Map<NewMessage, ModelOutcome>();
  for (let left = drafts; left.length > 0; ) {
    const turn = left.filter((draft, i) => left.findIndex(other => sameMessage(other, draft)) === i);
    for (const draft of turn) outcomes.set(draft, writeOneInModel(conversations, draft));
    left = left.filter(draft => !turn.includes(draft));
  }
  return drafts.map(draft => outcomes.get(draft)!);
}

const sameMessage = (a: NewMessage, b: NewMessage) =>
  a.websiteId === b.websiteId && a.conversationId === b.conversationId && a.id === b.id;

function writeOneInModel(conversations: ModelConversation[], draft: NewMessage): ModelOutcome {
  const conversation = conversations.find(
    ({ websiteId, id }) => websiteId === draft.websiteId && id === draft.conversationId,
  );
  if (!conversation || conversation.state === "deleted") return { outcome: "not_found" };
  const { visitorId, members, messages, state } = conversation;
  const mayWrite = draft.author === "visitor" ? visitorId === draft.authorId : members.includes(draft.authorId);
  if (!mayWrite) return { outcome: "not_found" };

  const known = messages.find(message => message.id === draft.id);
  if (known) {
    if (known.author !== draft.author || known.authorId !== draft.authorId) return { outcome: "conflict" };
    return { outcome: "duplicate", ...told(messages, known) };
  }
  if (state === "expired") return { outcome: "expired" };
  const { id, kind, body, author, authorId } = draft;
  const message = { id, kind, body, author, authorId, seq: messages.length + 1 };
  messages.push(message);
  return { outcome: "inserted", ...told(messages, message) };
}

function told(messages: ModelMessage[], { seq, kind, body }: ModelMessage) {
  const before = messages.filter(message => message.seq < seq && message.kind !== "note");
  return { seq, previousPublicSeq: before.at(-1)?.seq ?? 0, kind, body };
}

/** What the conversation's row says of its messages, none of which anybody has read. */
export function rowInModel({ messages }: ModelConversation) {
  const spoken = messages.filter(({ kind }) => kind !== "note");
  const last = spoken.at(-1);
  return {
    lastSeq: messages.length,
    lastPublicSeq: last?.seq ?? 0,
    preview: last?.body.slice(0, 200) ?? "",
    previewAuthor: last?.author ?? "visitor",
    agentUnread: messages.filter(({ author }) => author === "visitor").length,
    visitorUnread: spoken.filter(({ author }) => author === "agent").length,
    waiting: last?.author === "visitor",
    answered: spoken.some(({ author }) => author === "agent"),
  };
}
