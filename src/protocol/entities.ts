import { z } from "zod";

export const Uuid = z.uuid();
export const WebsiteId = z.coerce.number().int().positive().max(2_147_483_647);
export const Seq = z.number().int().min(0).max(2_147_483_647);
/** A moment, ISO 8601 in UTC. */
export const Moment = z.iso.datetime();

export const Role = z.enum(["owner", "admin", "agent"]);
export type Role = z.infer<typeof Role>;

/** What a website's owner may choose; every value has a default. */
export const WebsiteSettings = z.object({
  colour: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, "a colour such as #3457d5")
    .default("#3457d5"),
  greeting: z.string().trim().max(200).default("Hello! How can we help?"),
  /** what the visitor reads of when to expect an answer */
  replyTime: z.string().trim().max(100).default("We usually answer within a few minutes."),
});
export type WebsiteSettings = z.infer<typeof WebsiteSettings>;

export const Website = z.object({
  id: WebsiteId,
  name: z.string(),
  publicKey: z.string(),
  allowedOrigins: z.array(z.string()),
  settings: WebsiteSettings,
  role: Role.describe("the reader's own role"),
  unread: z.number().int().describe("open conversations with something unread"),
  createdAt: Moment,
});
export type Website = z.infer<typeof Website>;

export const User = z.object({ id: Uuid, name: z.string(), email: z.string() });
export type User = z.infer<typeof User>;

/** online: connected and ready to answer; away: connected, and either said so or gone from the keyboard. */
export const Availability = z.enum(["online", "away", "offline"]);
export type Availability = z.infer<typeof Availability>;

/** What an agent who is connected says of themselves. */
export const ToldAvailability = Availability.exclude(["offline"]);
export type ToldAvailability = z.infer<typeof ToldAvailability>;

export const Agent = User.extend({ role: Role, availability: Availability, joinedAt: Moment });
export type Agent = z.infer<typeof Agent>;

export const Invitation = z.object({
  id: Uuid,
  role: Role,
  note: z.string(),
  invitedBy: z.string().nullable(),
  createdAt: Moment,
  expiresAt: Moment,
});
export type Invitation = z.infer<typeof Invitation>;

export const MessageKind = z.enum(["text", "file", "note", "event"]);
export const AuthorKind = z.enum(["visitor", "agent", "system"]);

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

export const ConversationStatus = z.enum(["open", "resolved"]);
export type ConversationStatus = z.infer<typeof ConversationStatus>;

/** What agent and visitor alike know of a conversation, and the reducer needs. */
const conversationCore = {
  id: Uuid,
  version: z.number().int().describe("of two copies, the higher is the newer"),
  status: ConversationStatus,
  lastSeq: Seq.describe("the last message that the reader may see"),
  agentReadSeq: Seq,
  visitorReadSeq: Seq,
  unread: z.number().int().describe("messages that the reader's side has not read"),
  lastMessageAt: Moment,
  createdAt: Moment,
  continuesId: Uuid.nullable().describe("the conversation before this one, of the same thread"),
};

export const VisitorConversation = z.object(conversationCore);
export type VisitorConversation = z.infer<typeof VisitorConversation>;

/** A row of the inbox: all that the list shows. */
export const Conversation = z.object({
  ...conversationCore,
  websiteId: WebsiteId,
  visitor: z.object({ id: Uuid, name: z.string().nullable(), email: z.string().nullable(), online: z.boolean() }),
  assignee: z.object({ id: Uuid, name: z.string() }).nullable(),
  preview: z.string(),
  previewAuthor: AuthorKind,
  waitingSince: Moment.nullable().describe("the visitor's first message that nobody has answered yet"),
});
export type Conversation = z.infer<typeof Conversation>;

export const Visitor = z.object({
  id: Uuid,
  externalId: z.string().nullable(),
  name: z.string().nullable(),
  email: z.string().nullable(),
  pageUrl: z.string().nullable(),
  pageTitle: z.string().nullable(),
  userAgent: z.string().nullable(),
  language: z.string().nullable(),
  firstSeenAt: Moment,
  lastSeenAt: Moment,
  online: z.boolean(),
});
export type Visitor = z.infer<typeof Visitor>;

export const InboxView = z.enum(["all", "mine", "unassigned", "resolved"]);
export type InboxView = z.infer<typeof InboxView>;

/** Open conversations with something unread, by view; each counted up to `limits.unreadCountMax`. */
export const InboxCounts = z.object({ all: z.number(), mine: z.number(), unassigned: z.number() });
export type InboxCounts = z.infer<typeof InboxCounts>;
