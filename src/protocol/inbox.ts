import { z } from "zod";
import { Seq, Uuid } from "./basics.ts";
import { Conversation } from "./conversations.ts";
import { inboxViews } from "./inbox-views.ts";

export const InboxView = z.enum(inboxViews);
export type InboxView = z.infer<typeof InboxView>;

/** Open conversations with something unread, by view; each counted up to `limits.unreadCountMax`. */
export const InboxCounts = z.object({ all: z.number(), mine: z.number(), unassigned: z.number() });
export type InboxCounts = z.infer<typeof InboxCounts>;

export const Inbox = z.object({
  conversations: z.array(Conversation),
  /** requests the next page; null on the last */
  nextCursor: z.string().nullable(),
  counts: InboxCounts,
});
export type Inbox = z.infer<typeof Inbox>;

/** A conversation's newest numbers: a client with lower ones requests what it lacks. */
export const Head = z.object({
  conversationId: Uuid,
  lastSeq: Seq,
  version: z.number().int(),
  changedVersion: z.number().int().optional(),
  isDeleted: z.boolean().optional(),
});
export type Head = z.infer<typeof Head>;
