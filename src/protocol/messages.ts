import { z } from "zod";
import { Moment, Position, Seq, Uuid } from "./basics.ts";
import { AuthorKind, Conversation, VisitorConversation } from "./conversations.ts";
import { limits } from "./limits.ts";

export const MessageKind = z.enum(["text", "file", "note", "event"]);

/** The event that a message of kind event reports. */
export const EventDetails = z.discriminatedUnion("type", [
  z.object({ type: z.literal("assigned"), to: z.object({ id: Uuid, name: z.string() }).nullable() }),
  z.object({ type: z.literal("resolved") }),
  z.object({ type: z.literal("reopened") }),
]);
export type EventDetails = z.infer<typeof EventDetails>;

/** A deleted message keeps its place: its body is "" and its details are null. */
export const Message = z.object({
  id: Uuid,
  conversationId: Uuid,
  seq: Seq,
  kind: MessageKind,
  author: AuthorKind,
  authorId: Uuid.nullable(),
  authorName: z.string().nullable(),
  body: z.string(),
  details: EventDetails.nullable(),
  createdAt: Moment,
  editedAt: Moment.nullable().optional(),
  deletedAt: Moment.nullable().optional(),
  changedVersion: z
    .number()
    .int()
    .nullable()
    .optional()
    .describe("the conversation's version when it was last edited or deleted; null: never"),
});
export type Message = z.infer<typeof Message>;

/**
 * One page, oldest message first. `before`: the newest below that seq; `after`, which takes precedence: the oldest above
 * it; neither: the newest. `after` and `since` together also ask for the messages up to `after` that have changed since
 * that version of the conversation.
 */
export const MessagesQuery = z.object({
  before: Position.min(1).optional(),
  after: Position.optional(),
  since: Position.optional(),
  limit: z.coerce.number().int().min(1).max(limits.pageSizeMax).default(limits.pageSize),
});

/**
 * `more`: there are more in the direction that was asked for. `changed`: what `since` asks for, in the order of the
 * changes; `moreChanged`: it goes on. A page holds every change up to the `changedVersion` of its conversation.
 */
const page = {
  messages: z.array(Message),
  more: z.boolean(),
  changed: z.array(Message).optional(),
  moreChanged: z.boolean().optional(),
};

export const AgentPage = z.object({ ...page, conversation: Conversation });
export type AgentPage = z.infer<typeof AgentPage>;

export const VisitorPage = z.object({ ...page, conversation: VisitorConversation });
export type VisitorPage = z.infer<typeof VisitorPage>;

export const MessageBody = z
  .string()
  .max(limits.messageLength, `is longer than ${limits.messageLength} characters`)
  .refine(body => body.trim() !== "", "is empty");

/** An agent's message. `id` is minted by the sender: sending it again returns the same message. */
export const AgentSend = z.object({ id: Uuid, kind: z.enum(["text", "note"]).default("text"), body: MessageBody });

/** A visitor's message; `conversationId` is null if the visitor has no conversation yet. */
export const VisitorSend = z.object({ id: Uuid, conversationId: Uuid.nullable(), body: MessageBody });

/**
 * The message as committed. `prev` is the number of the message before it that the reader may see. The conversation may
 * be a newer one that continues the one in the request.
 */
export const AgentSent = z.object({ message: Message, prev: Seq, conversation: Conversation });
export type AgentSent = z.infer<typeof AgentSent>;

export const VisitorSent = z.object({ message: Message, prev: Seq, conversation: VisitorConversation });
export type VisitorSent = z.infer<typeof VisitorSent>;

/** Edits or deletes an own message of kind text or note. */
export const MessageTarget = z.object({ conversationId: Uuid, id: Uuid });
export const MessageEdit = MessageTarget.extend({ body: MessageBody });

/**
 * The message after the change. `prevChanged` is the conversation's `changedVersion` before it: a client that holds an
 * older one has missed a change.
 */
const changed = { message: Message, prevChanged: z.number().int() };

export const AgentChanged = z.object({ ...changed, conversation: Conversation });
export type AgentChanged = z.infer<typeof AgentChanged>;

export const VisitorChanged = z.object({ ...changed, conversation: VisitorConversation });
export type VisitorChanged = z.infer<typeof VisitorChanged>;
