import { z } from "zod";
import {
  Agent,
  Conversation,
  InboxCounts,
  Invitation,
  Message,
  Role,
  Seq,
  User,
  Uuid,
  Visitor,
  VisitorConversation,
  Website,
  WebsiteSettings,
} from "./entities.ts";
import { type ErrorCode, errorStatus } from "./errors.ts";
import { limits } from "./limits.ts";

/** Bodies and answers of the HTTP endpoints. Requests and answers of one endpoint stand together. */

/** What every refused or failed request is answered with. */
export const ErrorAnswer = z.object({
  error: z.object({
    code: z.enum(Object.keys(errorStatus) as [ErrorCode, ...ErrorCode[]]),
    message: z.string().describe("what was wrong, with which value, and what to do"),
    details: z.unknown().optional(),
  }),
});

const Name = z.string().trim().min(1, "is empty").max(100);
const Email = z
  .email()
  .max(254)
  .transform(email => email.toLowerCase());
const Password = z.string().min(10, "has fewer than 10 characters").max(200);

/** `https://shop.example`, or `https://*.shop.example` for every subdomain. */
export const Origin = z
  .string()
  .trim()
  .toLowerCase()
  .transform(origin => origin.replace(/\/$/, ""))
  .pipe(
    z
      .string()
      .regex(
        /^https?:\/\/(\*\.)?[a-z0-9.-]+(:\d{1,5})?$|^https?:\/\/\[[0-9a-f:]+\](:\d{1,5})?$/,
        "is not an origin such as https://shop.example",
      ),
  );
export const Origins = z.array(Origin).min(1, "names no origin").max(100);

export const Account = z.object({ name: Name, email: Email, password: Password });
export type Account = z.infer<typeof Account>;

export const SetupStatus = z.object({ needed: z.boolean() });
export const SetupRequest = z.object({
  code: z.string(),
  owner: Account,
  website: z.object({ name: Name, allowedOrigins: Origins }),
});
export type SetupRequest = z.infer<typeof SetupRequest>;

export const SignInRequest = z.object({ email: Email, password: z.string().max(200) });

/** The signed-in user, the websites they may see, and where the demo page is. */
export const Me = z.object({ user: User, websites: z.array(Website), demoUrl: z.string().nullable() });
export type Me = z.infer<typeof Me>;

export const PasswordChange = z.object({ currentPassword: z.string().max(200), newPassword: Password });

export const WebsiteCreate = z.object({ name: Name, allowedOrigins: Origins });
export const WebsiteChange = z
  .object({ name: Name, allowedOrigins: Origins, settings: WebsiteSettings.partial() })
  .partial();
export const IdentitySecret = z.object({ identitySecret: z.string() });

export const Agents = z.object({ agents: z.array(Agent) });
export const AgentChange = z.object({ role: Role });

export const InvitationCreate = z.object({
  role: z.enum(["admin", "agent"]),
  note: z.string().trim().max(100).default(""),
});
/** The token is shown once: the database keeps its hash. */
export const InvitationCreated = z.object({ invitation: Invitation, token: z.string() });
export const Invitations = z.object({ invitations: z.array(Invitation) });
export const InvitationShown = z.object({ websiteName: z.string(), role: Role, invitedBy: z.string().nullable() });
/** Without an account: whoever is signed in joins. */
export const InvitationAccept = z.object({ account: Account.optional() });

export const Inbox = z.object({
  conversations: z.array(Conversation),
  /** asks for the next page; null on the last */
  nextCursor: z.string().nullable(),
  counts: InboxCounts,
});
export type Inbox = z.infer<typeof Inbox>;

export const ConversationShown = z.object({ conversation: Conversation, visitor: Visitor });
export type ConversationShown = z.infer<typeof ConversationShown>;

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
export const VisitorPage = z.object({ ...page, conversation: VisitorConversation });
export type AgentPage = z.infer<typeof AgentPage>;
export type VisitorPage = z.infer<typeof VisitorPage>;

export const Assign = z.object({ assigneeId: Uuid.nullable() });
export const Read = z.object({ seq: Seq });
export const ConversationChanged = z.object({ conversation: Conversation });
export type ConversationChanged = z.infer<typeof ConversationChanged>;

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
export const VisitorSent = z.object({ message: Message, prev: Seq, conversation: VisitorConversation });
export type AgentSent = z.infer<typeof AgentSent>;
export type VisitorSent = z.infer<typeof VisitorSent>;

/** What a page may know before anybody has written: public, and cached by browsers for five minutes. */
export const WidgetWebsite = z.object({ name: z.string(), settings: WebsiteSettings });
export type WidgetWebsite = z.infer<typeof WidgetWebsite>;

export const WidgetSessionRequest = z.object({
  websiteKey: z.string().max(100),
  token: z.string().max(4000).optional().describe("the token of an earlier visit"),
  identity: z.string().max(4000).optional().describe("a JWT (HS256) of who is logged in, signed by the website"),
});
export const WidgetSession = z.object({
  token: z.string(),
  website: WidgetWebsite,
  agentsOnline: z.boolean(),
  conversation: VisitorConversation.nullable().describe("the current one"),
});
export type WidgetSession = z.infer<typeof WidgetSession>;

/** The answer to a visitor's hello, and what each heartbeat tells again; an agent's answer is empty. */
export const VisitorWelcome = z.object({ agentsOnline: z.boolean(), conversation: VisitorConversation.nullable() });
export type VisitorWelcome = z.infer<typeof VisitorWelcome>;
