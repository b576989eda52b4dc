import { z } from "zod";
import { Role } from "./agents.ts";
import { Colour, Moment, Name, WebsiteId } from "./basics.ts";

/** What a website's owner may choose; every value has a default. */
export const WebsiteSettings = z.object({
  colour: Colour.default("#3457d5"),
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

export const WebsiteCreate = z.object({ name: Name, allowedOrigins: Origins });

export const WebsiteChange = z
  .object({ name: Name, allowedOrigins: Origins, settings: WebsiteSettings.partial() })
  .partial();

export const IdentitySecret = z.object({ identitySecret: z.string() });
