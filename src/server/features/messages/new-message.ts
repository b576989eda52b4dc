import type { ConversationRow } from "#server/features/conversations/feature.ts";

/** A message to write. Whether its author may write there is decided by the statement itself. */
export type NewMessage = {
  websiteId: number;
  conversationId: string;
  id: string;
  kind: "text" | "note";
  body: string;
  author: "agent" | "visitor";
  authorId: string;
};

export type Written =
  | { outcome: "inserted" | "duplicate"; message: WrittenMessage; conversation: ConversationRow }
  /** older than its 30 days; comes with the conversation, so that another one can continue it */
  | { outcome: "expired"; conversation: ConversationRow }
  /** another author's message there has this id */
  | { outcome: "conflict" }
  | { outcome: "not_found" };

/** Committed now, or earlier with the same id. */
export type WrittenMessage = {
  seq: number;
  /** the message before it that visitors may see, 0 when none */
  previousPublicSeq: number;
  kind: "text" | "note";
  /** "" of one that was deleted meanwhile */
  body: string;
  createdAt: Date;
  editedAt: Date | null;
  deletedAt: Date | null;
  changedVersion: number | null;
};
