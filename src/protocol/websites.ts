import { z } from "zod";
import { Role } from "./agents.ts";
import { Colour, Moment, Name, WebsiteId } from "./basics.ts";
import { limits } from "./limits.ts";

/** Empty, or the address of a page. */
const WebLink = z.string().trim().max(500).refine(isWebLink, "is not an address such as https://shop.example/privacy");

function isWebLink(text: string): boolean {
  return text === "" || (/^https?:\/\//i.test(text) && URL.canParse(text));
}

/** A conversation takes messages for `limits.conversationDays`; before that nothing of it goes. */
const Days = z
  .number()
  .int()
  .min(limits.conversationDays, `is less than ${limits.conversationDays} days, for which a conversation takes messages`)
  .max(limits.retentionDaysMax, `is more than ${limits.retentionDaysMax} days`);

const chosen = {
  colour: Colour,
  greeting: z.string().trim().max(200),
  /** a text that tells visitors when to expect an answer */
  replyTime: z.string().trim().max(100),
  /** what a visitor wrote before they logged in becomes theirs */
  carriesThreadOver: z.boolean(),
  /** shown before the first message; empty: none */
  privacyNotice: z.string().trim().max(1000),
  /** the website's own privacy policy, for the notice and the public page */
  privacyLink: WebLink,
  /** Visitors accept the notice first. Until then nothing is kept in their browser, and the chat does not connect. */
  isNoticeRequired: z.boolean(),
  /** Counted from a conversation's last message: its month moves to the archive, where it is read as before. */
  archiveAfterDays: Days,
  /** Counted from a conversation's last message: it is deleted. */
  deleteAfterDays: Days,
  /** Nothing is deleted by its age before. A new website has it; one that is older than the retention waits for an admin. */
  isDeletionConfirmed: z.boolean(),
  /** Visitors who wait are asked for an e-mail address. */
  asksForEmail: z.boolean(),
  /** Answers that a visitor has not read in the chat go to their e-mail address, where the server sends mail. */
  mailsMissedAnswers: z.boolean(),
  /** Keep what stands behind ? and # in the addresses of visitors' pages: it may name a person, or be a secret. */
  keepsPageQuery: z.boolean(),
};

/** The values that owners and admins may choose; each has a default. */
export const WebsiteSettings = z.object({
  colour: chosen.colour.default("#3457d5"),
  greeting: chosen.greeting.default("Hello! How can we help?"),
  replyTime: chosen.replyTime.default("We usually answer within a few minutes."),
  carriesThreadOver: chosen.carriesThreadOver.default(false),
  privacyNotice: chosen.privacyNotice.default(""),
  privacyLink: chosen.privacyLink.default(""),
  isNoticeRequired: chosen.isNoticeRequired.default(false),
  keepsPageQuery: chosen.keepsPageQuery.default(false),
  asksForEmail: chosen.asksForEmail.default(true),
  mailsMissedAnswers: chosen.mailsMissedAnswers.default(true),
  archiveAfterDays: chosen.archiveAfterDays.default(90),
  deleteAfterDays: chosen.deleteAfterDays.default(365),
  isDeletionConfirmed: chosen.isDeletionConfirmed.default(false),
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

const originPattern = /^https?:\/\/((\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(:\d{1,5})?$/;

// Not every browser takes an asterisk in a host.
const isOrigin = (text: string) => originPattern.test(text) && URL.canParse(text.replace("*.", ""));

/** `https://shop.example`, or `https://*.shop.example` for every subdomain. */
export const Origin = z
  .string()
  .trim()
  .max(500)
  // The transformation would drop it.
  .refine(text => !/\p{Cc}/u.test(text), "has a control character")
  .transform(asBrowsersSend)
  .pipe(z.string().refine(isOrigin, "is not an origin such as https://shop.example"));

/** Each of them once. */
export const Origins = z
  .array(Origin)
  .min(1, "names no origin")
  .max(100)
  .transform(origins => [...new Set(origins)]);

/**
 * An origin as browsers write it: in small letters, with "xn--" for other letters than a to z, without a default port or
 * a dot at its end. A text that is not an origin stays as it is.
 */
function asBrowsersSend(text: string): string {
  const [, scheme, wildcard = "", rest] = /^(https?:\/\/)(\*\.)?(.+)$/i.exec(text) ?? [];
  if (!scheme || !URL.canParse(scheme + rest)) return text;
  const url = new URL(scheme + rest);
  const host = url.host.replace(/\.(?=:|$)/, "");
  // More than an origin: "https://shop.example/en" would allow more pages than its author means.
  return url.href === `${url.origin}/` ? `${url.protocol}//${wildcard}${host}` : text;
}

export const WebsiteCreate = z.object({ name: Name, allowedOrigins: Origins });

/** Without defaults: a setting that is not named stays as it is. */
export const WebsiteChange = z
  .object({ name: Name, allowedOrigins: Origins, settings: z.object(chosen).partial() })
  .partial();
export type WebsiteChange = z.infer<typeof WebsiteChange>;

export const IdentitySecret = z.object({ identitySecret: z.string() });
