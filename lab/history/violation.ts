import type { MessageCopy, StoredConversation } from "./history.ts";

export type Rule =
  /** acknowledged, and not stored as it was acknowledged */
  | "lost"
  /** stored twice, or its id twice in a conversation */
  | "doubled"
  /** the numbers of a conversation are not 1..n */
  | "gap"
  /** stored with another author, kind, text or place than it was sent with, or deleted without a request of its author */
  | "altered"
  /** an edit was acknowledged, and an older text is stored */
  | "reverted"
  /** a deletion was acknowledged, and the message is not deleted or its text is still shown or answered somewhere */
  | "resurrected"
  /** sent by an actor who has not left, and not stored */
  | "unsent"
  /** stored or acknowledged though the server had to refuse it */
  | "accepted"
  /** refused though it was allowed, or with another code than it had to be */
  | "refused"
  /** a counter of a conversation, or the one that a client shows, differs from the count */
  | "unread"
  /** a preview, or the one that a client shows, is not that of the newest message */
  | "stale"
  /** received by a client that may not see it */
  | "leaked"
  /** received, and not stored so */
  | "unstored"
  /** stored, and not held by a client that may see it */
  | "missing"
  /** held by a client as it was before an edit */
  | "outdated"
  /** held by a client at the end, and not stored */
  | "phantom"
  /** held by a client twice, or after a later one */
  | "disordered";

export type Violation = { rule: Rule; what: string };

/** By id: they decide who may see a message. */
export type Conversations = Map<string, StoredConversation>;

/** Names a message in whatever state it is. */
export const placeOf = ({ conversationId, seq, id, kind }: MessageCopy) => `${conversationId} ${seq} ${id} ${kind}`;

export const contentOf = ({ changedVersion, isDeleted, body }: MessageCopy) => `${changedVersion} ${isDeleted} ${body}`;

/** Names a message as changes name it. */
export const targetOf = ({ conversationId, id }: Pick<MessageCopy, "conversationId" | "id">) =>
  `${conversationId} ${id}`;

export const describe = ({ conversationId, seq, id, kind, body, isDeleted }: MessageCopy) =>
  `${isDeleted ? "deleted " : ""}${kind} "${body.slice(0, 60)}", number ${seq} of ${conversationId}, id ${id}`;
