import { z } from "zod";
import { Moment, Seq, Uuid } from "./basics.ts";
import { AuthorKind, Conversation, VisitorConversation } from "./conversations.ts";
import { limits } from "./limits.ts";

export const MessageKind = z.enum(["text", "file", "note", "event"]);

/** What happened, of a message of kind event. */
export const EventDetails = z.discriminatedUnion("type", [
  z.object({ type: z.literal("assigned"), to: z.object({ id: Uuid, name: z.string() }).nullable() }),
  z.object({ type: z.literal("resolved") }),
  z.object({ type: z.literal("reopened") }),
]);
export type EventDetails = z.infer<typeof EventDetails>;

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
});
export type Message = z.infer<typeof Message>;

/**
 * One page, oldest message first. `before`: the newest below that seq; `after`, which counts before the other: the oldest above it; neither: the newest.
 */
export const MessagesQuery = z.object({
  before: z.coerce.number().int().positive().optional(),
  after: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(limits.pageSizeMax).default(limits.pageSize),
});

/** `more`: there are more in the direction that was asked for. */
const page = { messages: z.array(Message), more: z.boolean() };

export const AgentPage = z.object({ ...page, conversation: Conversation });
export type AgentPage = z.infer<typeof AgentPage>;

export const VisitorPage = z.object({ ...page, conversation: VisitorConversation });
export type VisitorPage = z.infer<typeof VisitorPage>;

export const MessageBody = z
  .string()
  .max(limits.messageLength, `is longer than ${limits.messageLength} characters`)
  .refine(body => body.trim() !== "", "is empty")
  .refine(body => !body.includes("\u0000"), "has a NUL character, which PostgreSQL cannot keep");

/** An agent's message. `id` is minted by the sender: sending it again returns the same message. */
export const AgentSend = z.object({ id: Uuid, kind: z.enum(["text", "note"]).default("text"), body: MessageBody });

/** A visitor's message; `conversationId` null where they know of none yet. */
export const VisitorSend = z.object({ id: Uuid, conversationId: Uuid.nullable(), body: MessageBody });

/**
 * The message as committed. `prev` is the number of the message before it that the reader may see. The conversation
 * may be another than was written to: one that continues it.
 */
export const AgentSent = z.object({ message: Message, prev: Seq, conversation: Conversation });
export type AgentSent = z.infer<typeof AgentSent>;

export const VisitorSent = z.object({ message: Message, prev: Seq, conversation: VisitorConversation });
export type VisitorSent = z.infer<typeof VisitorSent>;
