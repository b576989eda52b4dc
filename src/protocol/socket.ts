import { z } from "zod";
import { Availability, ToldAvailability } from "./agents.ts";
import { Seq, Uuid, WebsiteId } from "./basics.ts";
import { CannedRepliesChanged } from "./canned-replies.ts";
import { Conversation, VisitorConversation } from "./conversations.ts";
import type { ErrorBody } from "./errors.ts";
import { Head, InboxCounts } from "./inbox.ts";
import { AgentChanged, Message, VisitorChanged } from "./messages.ts";
import { TagsChanged } from "./tags.ts";
import { Page } from "./visitors.ts";
import { VisitorWelcome } from "./widget.ts";

/** The socket protocol; docs/protocol.md describes it in words. */

/** The commands of a socket, hello first; the features declare the parameters of the others. */
export type SocketCommand =
  | "hello"
  | "message.send"
  | "message.edit"
  | "message.delete"
  | "message.restore"
  | "message.list"
  | "conversation.read"
  | "conversation.typing"
  | "conversation.assign"
  | "conversation.resolve"
  | "conversation.reopen"
  | "conversation.tag"
  | "conversation.untag"
  | "page.view"
  | "visitor.watch"
  | "agent.availability";

/** The version of the protocol that the client speaks; absent: 1. */
const protocol = z.number().int().optional();

export const HelloFrame = z.object({
  ref: z.number().int().min(0).max(2_147_483_647),
  command: z.literal("hello"),
  params: z.discriminatedUnion("as", [
    z.object({
      as: z.literal("visitor"),
      protocol,
      token: z.string().max(4000),
      page: Page,
      language: z.string().max(35),
      /** false: this visitor has not written yet, so the server needs no query */
      hasWritten: z.boolean().optional(),
    }),
    z.object({ as: z.literal("agent"), protocol, availability: ToldAvailability.optional() }),
  ]),
});
export type Hello = z.infer<typeof HelloFrame>["params"];

/** Event name → data, as agents get them. */
export const agentEvents = {
  "message.created": z.object({ message: Message, prev: Seq, conversation: Conversation }),
  /** the message was edited or deleted */
  "message.changed": AgentChanged,
  "conversation.changed": z.object({ conversation: Conversation }),
  "conversation.typing": z.object({
    websiteId: WebsiteId,
    conversationId: Uuid,
    author: z.enum(["visitor", "agent"]),
    authorId: Uuid.nullable(),
    name: z.string().nullable(),
    typing: z.boolean(),
  }),
  "visitor.presence": z.object({ websiteId: WebsiteId, visitorId: Uuid, online: z.boolean(), page: Page.nullable() }),
  "agent.presence": z.object({ websiteId: WebsiteId, userId: Uuid, availability: Availability }),
  "tags.changed": TagsChanged,
  "canned-replies.changed": CannedRepliesChanged,
  /** the reader's own unread counts of a website, after a change; at most once a second */
  "inbox.counts": z.object({ websiteId: WebsiteId, counts: InboxCounts }),
  /** the reader's memberships changed: request `me` again */
  "memberships.changed": z.object({}),
  heartbeat: z.object({
    websites: z.array(z.object({ websiteId: WebsiteId, counts: InboxCounts, heads: z.array(Head) })),
  }),
} as const;

/** Event name → data, as visitors get them. */
export const visitorEvents = {
  "message.created": z.object({ message: Message, prev: Seq, conversation: VisitorConversation }),
  "message.changed": VisitorChanged,
  "conversation.changed": z.object({ conversation: VisitorConversation }),
  "conversation.typing": z.object({
    conversationId: Uuid,
    author: z.literal("agent"),
    name: z.string().nullable(),
    typing: z.boolean(),
  }),
  heartbeat: VisitorWelcome,
} as const;

type EventOf<Events extends Record<string, z.ZodType>> = {
  [Name in keyof Events]: { event: Name; data: z.infer<Events[Name]> };
}[keyof Events];

export type AgentEvent = EventOf<typeof agentEvents>;

export type VisitorEvent = EventOf<typeof visitorEvents>;

/** What a server sends besides events: the answer to a command, or an error without a command (`ref` null). */
export type Reply = { ref: number; result: unknown } | { ref: number | null; error: ErrorBody };
