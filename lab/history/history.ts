import type { Message } from "#protocol/messages.ts";

/** What a client may see: the conversations of some websites, or those of one visitor. */
export type Audience = { websiteIds: number[]; visitorId: string | null };

export type Author = { kind: "visitor" | "agent"; id: string; websiteIds: number[] };

/** A message that an actor sent. Each text is unique: a copy is recognised by it, even if its id or number is wrong. */
export type Sent = {
  actor: string;
  author: Author;
  kind: "text" | "note";
  body: string;
  /** The server must refuse it. */
  isForbidden: boolean;
};

/** An edit or a deletion that an actor sent. */
export type Change = {
  actor: string;
  /** the page that sent it: a page sends its changes of a conversation one after another */
  page: string;
  conversationId: string;
  /** of the message */
  id: string;
  /** the message's first text: Sent.body */
  original: string;
  /** the new text, unique too; null: a deletion */
  body: string | null;
  /** The server must answer `not_found`. */
  isForbidden: boolean;
  /** "abandoned": its page was closed before the answer, so it may be stored at any time, or never */
  outcome: "pending" | "acknowledged" | "refused" | "abandoned";
  /** of a refusal */
  code: string | null;
  /** The connection broke before the answer: the server may handle the change twice, and the first copy last. */
  mayRepeat: boolean;
  /** when, in steps of the recorder */
  sentAt: number;
  answeredAt: number | null;
};

/**
 * The part of a message that clients receive and the database stores alike. Of a deleted message the body is "";
 * `changedVersion` is 0 before the first change.
 */
export type MessageCopy = Pick<Message, "conversationId" | "seq" | "id" | "kind" | "body"> & {
  changedVersion: number;
  isDeleted: boolean;
};

/** A tab, open or closed since. */
export type Receiver = {
  name: string;
  audience: Audience;
  /** each state of a message that ever arrived: as an event, an answer or on a page */
  received: MessageCopy[];
  /** each text that was anywhere in a frame or an answer, such as in a preview */
  texts: Set<string>;
};

/** What actors sent and received, in the order in which it happened. */
export type History = {
  sent: Sent[];
  changes: Change[];
  acknowledged: MessageCopy[];
  refused: { body: string; code: string }[];
  receivers: Receiver[];
  /** texts in answers to requests that began after the deletion of their message was acknowledged */
  revealed: { receiver: string; text: string }[];
  /** actors who left for good: their unsent messages are not lost */
  left: Set<string>;
};

export const emptyHistory = (): History => ({
  sent: [],
  changes: [],
  acknowledged: [],
  refused: [],
  receivers: [],
  revealed: [],
  left: new Set(),
});

export type StoredMessage = MessageCopy & {
  websiteId: number;
  author: "visitor" | "agent" | "system";
  authorId: string | null;
  /** its text, also after it was deleted */
  text: string;
};

export type StoredConversation = {
  websiteId: number;
  id: string;
  visitorId: string;
  lastSeq: number;
  lastPublicSeq: number;
  agentReadSeq: number;
  visitorReadSeq: number;
  agentUnread: number;
  visitorUnread: number;
  preview: string;
  previewAuthor: "visitor" | "agent" | "system";
};

/** What the database holds at the end. */
export type Stored = { conversations: StoredConversation[]; messages: StoredMessage[] };

export type HeldThread = {
  conversationId: string;
  messages: MessageCopy[];
  unread: number;
  lastSeq: number;
  /** null: the client shows none */
  preview: string | null;
};

/** What a client that is still open holds at the end. */
export type Held = {
  name: string;
  audience: Audience;
  threads: HeldThread[];
  /** bodies in its outbox */
  unsent: string[];
  /** each text that is anywhere in its state */
  texts: string[];
};

/** Visitors see no notes and no events. */
export const isPublic = ({ kind }: Pick<MessageCopy, "kind">) => kind === "text" || kind === "file";

export const maySee = (
  audience: Audience,
  conversation: Pick<StoredConversation, "websiteId" | "visitorId">,
): boolean =>
  audience.websiteIds.includes(conversation.websiteId) &&
  (audience.visitorId === null || audience.visitorId === conversation.visitorId);
