import { z } from "zod";
import { Email } from "./accounts.ts";
import { Moment, Uuid } from "./basics.ts";

export const Page = z.object({ url: z.string().max(2000), title: z.string().max(300) });
export type Page = z.infer<typeof Page>;

export const Visitor = z.object({
  id: Uuid,
  externalId: z.string().nullable(),
  name: z.string().nullable(),
  email: z.string().nullable(),
  emailLeftAt: Moment.nullable()
    .optional()
    .describe(
      "when the visitor typed the e-mail address here, which proves nothing; absent: the server is older than that",
    ),
  pageUrl: z.string().nullable(),
  pageTitle: z.string().nullable(),
  userAgent: z.string().nullable(),
  language: z.string().nullable(),
  attributes: z.record(z.string(), z.unknown()),
  noticeAcceptedAt: Moment.nullable().describe("when the visitor accepted the privacy notice"),
  restrictedAt: Moment.nullable().describe("since then the data is kept and not used"),
  firstSeenAt: Moment,
  lastSeenAt: Moment,
  online: z.boolean(),
});
export type Visitor = z.infer<typeof Visitor>;

/** An address to reach the visitor at, as they typed it. */
export const LeftEmail = z.object({ email: Email });
