import type { Message } from "#protocol/messages.ts";

/** What a client may see: the conversations of some websites, or those of one visitor. */
export type Audience = { websiteIds: number[]; visitorId: string | null };

export type Author = { kind: "visitor" | "agent"; id: string; websiteIds: number[] };

/** A message that an actor sent. Each body is unique, so that a copy is recognised whatever its id and number. */
export type Sent = {
  actor: string;
  author: Author;
  kind: "text" | "note";
  body: string;
  /** The server must refuse it. */
  isForbidden: boolean;
};

/** The part of a message that clients receive and the database stores alike. */
export type MessageCopy = Pick<Message, "conversationId" | "seq" | "id" | "kind" | "body">;

/** A tab, open or closed since. `received`: each message that ever arrived, as an event, an answer or on a page. */
export type Receiver = { name: string; audience: Audience; received: MessageCopy[] };

/** What actors sent and received, in the order in which it happened. */
export type History = {
  sent: Sent[];
  acknowledged: MessageCopy[];
  refused: { body: string; code: string }[];
  receivers: Receiver[];
  /** actors who left for good: what they had not sent by then is not lost */
  left: Set<string>;
};

export const emptyHistory = (): History => ({
  sent: [],
  acknowledged: [],
  refused: [],
  receivers: [],
  left: new Set(),
});

export type StoredMessage = MessageCopy & {
  websiteId: number;
  author: "visitor" | "agent" | "system";
  authorId: string | null;
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
};

/** What the database holds at the end. */
export type Stored = { conversations: StoredConversation[]; messages: StoredMessage[] };

/** What a client that is still open holds at the end. */
export type Held = {
  name: string;
  audience: Audience;
  threads: { conversationId: string; messages: MessageCopy[]; unread: number }[];
  /** bodies in its outbox */
  unsent: string[];
};

/** Visitors see no notes and no events. */
export const isPublic = ({ kind }: Pick<MessageCopy, "kind">) => kind === "text" || kind === "file";

export const maySee = (
  audience: Audience,
  conversation: Pick<StoredConversation, "websiteId" | "visitorId">,
): boolean =>
  audience.websiteIds.includes(conversation.websiteId) &&
  (audience.visitorId === null || audience.visitorId === conversation.visitorId);
