import { z } from "zod";
import { Availability, ToldAvailability } from "./agents.ts";
import { Seq, Uuid, WebsiteId } from "./basics.ts";
import { Conversation, VisitorConversation } from "./conversations.ts";
import type { ErrorBody } from "./errors.ts";
import { Head, InboxCounts } from "./inbox.ts";
import { AgentSend, Message, VisitorSend } from "./messages.ts";
import { TagsChanged } from "./tags.ts";
import { Page } from "./visitors.ts";
import { VisitorWelcome } from "./widget.ts";

/** The socket protocol; docs/protocol.md tells it in words. */

const Ref = z.number().int().min(0).max(2_147_483_647);

const command = <Name extends string, Params extends z.ZodType>(name: Name, params: Params) =>
  z.object({ ref: Ref, command: z.literal(name), params });

/** Any party may send these. */
const hello = command(
  "hello",
  z.discriminatedUnion("as", [
    z.object({
      as: z.literal("visitor"),
      token: z.string().max(4000),
      page: Page,
      language: z.string().max(35),
      /** false: the client knows that this visitor has written nothing yet, and the server need not look */
      hasWritten: z.boolean().optional(),
    }),
    z.object({ as: z.literal("agent"), availability: ToldAvailability.optional() }),
  ]),
);

export const HelloFrame = hello;

export const VisitorFrame = z.discriminatedUnion("command", [
  command("message.send", VisitorSend),
  command("conversation.read", z.object({ conversationId: Uuid, seq: Seq })),
  command("conversation.typing", z.object({ conversationId: Uuid, typing: z.boolean() })),
  command("page.view", Page),
]);
export type VisitorFrame = z.infer<typeof VisitorFrame>;

const agentTarget = { websiteId: WebsiteId, conversationId: Uuid };

export const AgentFrame = z.discriminatedUnion("command", [
  command("message.send", AgentSend.extend(agentTarget)),
  command("conversation.read", z.object({ ...agentTarget, seq: Seq })),
  command("conversation.typing", z.object({ ...agentTarget, typing: z.boolean() })),
  command("agent.availability", z.object({ availability: ToldAvailability })),
]);
export type AgentFrame = z.infer<typeof AgentFrame>;

export type Frame = z.infer<typeof HelloFrame> | VisitorFrame | AgentFrame;

/** Event name → data, as agents get them. */
export const agentEvents = {
  "message.created": z.object({ message: Message, prev: Seq, conversation: Conversation }),
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
  /** the reader's own numbers of a website, after a change; at most once a second */
  "inbox.counts": z.object({ websiteId: WebsiteId, counts: InboxCounts }),
  /** the reader's memberships changed: ask for `me` again */
  "memberships.changed": z.object({}),
  heartbeat: z.object({
    websites: z.array(z.object({ websiteId: WebsiteId, counts: InboxCounts, heads: z.array(Head) })),
  }),
} as const;

/** Event name → data, as visitors get them. */
export const visitorEvents = {
  "message.created": z.object({ message: Message, prev: Seq, conversation: VisitorConversation }),
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

/** What a server sends besides events: the answer to a command, or an error that belongs to none (`ref` null). */
export type Reply = { ref: number; result: unknown } | { ref: number | null; error: ErrorBody };
