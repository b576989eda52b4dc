import type { ConversationRow } from "#server/features/conversations/feature.ts";

/** A message to write. The statement that writes it checks whether its author may write there. */
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
  /** the conversation is older than 30 days; another one can continue it */
  | { outcome: "expired"; conversation: ConversationRow }
  /** another author's message there has this id */
  | { outcome: "conflict" }
  | { outcome: "not_found" };

/** A message that was committed now, or earlier with the same id. */
export type WrittenMessage = {
  seq: number;
  /** the number of the message before it that visitors may see; 0: none */
  previousPublicSeq: number;
  kind: "text" | "note";
  /** "" if it was deleted meanwhile */
  body: string;
  createdAt: Date;
  editedAt: Date | null;
  deletedAt: Date | null;
  changedVersion: number | null;
};
