import type { Message } from "#protocol/messages.ts";

/** Who may see what: the agents of some websites, or one visitor of one. */
export type Audience = { websiteIds: number[]; visitorId: string | null };

export type Author = { kind: "visitor" | "agent"; id: string; websiteIds: number[] };

/** A message that somebody wrote. Its body is unlike any other's, so that a copy is known whatever its id and number. */
export type Sent = {
  person: string;
  author: Author;
  kind: "text" | "note";
  body: string;
  /** The server must refuse it: nobody may write so. */
  isForbidden: boolean;
};

/** What a reader is told of a message, and what is stored of it. */
export type Seen = Pick<Message, "conversationId" | "seq" | "id" | "kind" | "body">;

/** Whoever listens: a tab, or a page that was closed since. `heard`: all that ever came, by whatever way. */
export type Listener = { name: string; audience: Audience; heard: Seen[] };

/** What people wrote, were told and heard, as it happened. */
export type History = {
  sent: Sent[];
  acknowledged: Seen[];
  refused: { body: string; code: string }[];
  listeners: Listener[];
  /** those who went away for good: what they had not sent by then is nobody's loss */
  left: Set<string>;
};

export const emptyHistory = (): History => ({
  sent: [],
  acknowledged: [],
  refused: [],
  listeners: [],
  left: new Set(),
});

export type StoredMessage = Seen & {
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

/** What the database holds in the end. */
export type Stored = { conversations: StoredConversation[]; messages: StoredMessage[] };

/** What a client that is still there holds in the end. */
export type Held = {
  name: string;
  audience: Audience;
  threads: { conversationId: string; messages: Seen[]; unread: number }[];
  /** what it has not got rid of */
  unsent: string[];
};

/** Visitors see what is said to them: no notes, no events. */
export const isPublic = ({ kind }: Pick<Seen, "kind">) => kind === "text" || kind === "file";

export const maySee = (
  audience: Audience,
  conversation: Pick<StoredConversation, "websiteId" | "visitorId">,
): boolean =>
  audience.websiteIds.includes(conversation.websiteId) &&
  (audience.visitorId === null || audience.visitorId === conversation.visitorId);
