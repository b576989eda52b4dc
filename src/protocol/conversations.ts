import { z } from "zod";
import { Moment, Seq, Uuid, WebsiteId } from "./basics.ts";
import { Visitor } from "./visitors.ts";

export const AuthorKind = z.enum(["visitor", "agent", "system"]);

export const ConversationStatus = z.enum(["open", "resolved"]);
export type ConversationStatus = z.infer<typeof ConversationStatus>;

/** The fields that agents and visitors both get, and that the reducer needs. */
const conversationCore = {
  id: Uuid,
  version: z.number().int().describe("of two copies, the higher is the newer"),
  changedVersion: z
    .number()
    .int()
    .optional()
    .describe("the version at which one of its messages was last edited or deleted; 0: never"),
  status: ConversationStatus,
  lastSeq: Seq.describe("the last message that the reader may see"),
  agentReadSeq: Seq,
  visitorReadSeq: Seq,
  unread: z.number().int().describe("messages that the reader's side has not read"),
  lastMessageAt: Moment,
  createdAt: Moment,
  deletedAt: Moment.nullable()
    .optional()
    .describe("set: it is deleted, and must not be shown any more; absent: the server is older than deletions"),
  continuesId: Uuid.nullable().describe("the conversation before this one, of the same thread"),
};

export const VisitorConversation = z.object({
  ...conversationCore,
  hasEmail: z
    .boolean()
    .optional()
    .describe("an e-mail address of the visitor is known; absent: the server is older than the question for it"),
});
export type VisitorConversation = z.infer<typeof VisitorConversation>;

/** A row of the inbox, with everything that the list shows. */
export const Conversation = z.object({
  ...conversationCore,
  websiteId: WebsiteId,
  visitor: z.object({ id: Uuid, name: z.string().nullable(), email: z.string().nullable(), online: z.boolean() }),
  assignee: z.object({ id: Uuid, name: z.string() }).nullable(),
  preview: z.string(),
  previewAuthor: AuthorKind,
  tagIds: z.array(Uuid).describe("the tags on it, oldest first"),
  isRestricted: z
    .boolean()
    .optional()
    .describe("the visitor's data is kept and not used: agents cannot write; absent: the server is older than that"),
  waitingSince: Moment.nullable().describe("the visitor's first message that nobody has answered yet"),
});
export type Conversation = z.infer<typeof Conversation>;

export const ConversationShown = z.object({ conversation: Conversation, visitor: Visitor });
export type ConversationShown = z.infer<typeof ConversationShown>;

export const Assign = z.object({
  assigneeId: Uuid.nullable(),
  from: Uuid.nullable()
    .optional()
    .describe(
      "the assignee that the caller knows of; if another agent has taken it meanwhile, nothing changes (conflict)",
    ),
});

export const Read = z.object({ seq: Seq });

export const ConversationChanged = z.object({ conversation: Conversation });
export type ConversationChanged = z.infer<typeof ConversationChanged>;
