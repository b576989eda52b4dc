import { z } from "zod";
import { VisitorConversation } from "./conversations.ts";
import { WebsiteSettings } from "./websites.ts";

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
