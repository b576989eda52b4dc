import { z } from "zod";
import { Colour } from "./basics.ts";
import { VisitorConversation } from "./conversations.ts";
import { WebsiteSettings } from "./websites.ts";

/** The public part of a website. Browsers cache it for five minutes. */
export const WidgetWebsite = z.object({
  name: z.string(),
  settings: WebsiteSettings,
  textColour: Colour.describe("of what stands on settings.colour"),
  requiredNotice: z.string().nullable().describe("of a privacy notice that visitors accept first; else null"),
});
export type WidgetWebsite = z.infer<typeof WidgetWebsite>;

export const WidgetSessionRequest = z.object({
  websiteKey: z.string().max(100),
  token: z.string().max(4000).optional().describe("the token of an earlier session"),
  identity: z
    .string()
    .max(4000)
    .optional()
    .describe("a JWT (HS256), signed by the website, that says who is logged in"),
  notice: z.string().max(100).optional().describe("the privacy notice that the visitor has accepted in this browser"),
});

export const WidgetSession = z.object({
  token: z.string(),
  website: WidgetWebsite,
  agentsOnline: z.boolean(),
  conversation: VisitorConversation.nullable().describe("the current one"),
});
export type WidgetSession = z.infer<typeof WidgetSession>;

/** The answer to a visitor's hello, repeated by each heartbeat. An agent's answer is empty. */
export const VisitorWelcome = z.object({ agentsOnline: z.boolean(), conversation: VisitorConversation.nullable() });
export type VisitorWelcome = z.infer<typeof VisitorWelcome>;
