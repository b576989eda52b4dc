import { z } from "zod";
import { Uuid, WebsiteId } from "./basics.ts";
import { messageLength } from "./client-limits.ts";

/** A text that agents use again and again. Placeholders such as `{visitor.name}` are filled in by the agent's client. */
export const CannedReply = z.object({
  id: Uuid,
  shortcut: z.string().describe('what an agent types after "/"'),
  body: z.string(),
  isOwn: z.boolean().describe("true: only the reader sees it; false: all agents of the website"),
});
export type CannedReply = z.infer<typeof CannedReply>;

/** The website's and the reader's own, by shortcut. */
export const CannedReplies = z.object({ replies: z.array(CannedReply) });
export type CannedReplies = z.infer<typeof CannedReplies>;

const texts = {
  shortcut: z
    .string()
    .trim()
    .regex(/^[\p{L}\p{N}][\p{L}\p{M}\p{N}_-]{0,39}$/u, "needs 1 to 40 letters, digits, - or _, without spaces"),
  body: z.string().trim().min(1, "is empty").max(messageLength),
};

/** Of the website's, and of an agent's own, no two have the same shortcut; capitals do not count. */
export const CannedReplyCreate = z.object({ ...texts, isOwn: z.boolean() });
export type CannedReplyCreate = z.infer<typeof CannedReplyCreate>;

export const CannedReplyChange = z.object(texts).partial();
export type CannedReplyChange = z.infer<typeof CannedReplyChange>;

/** The event `canned-replies.changed`: load the list again. It has no texts, because some are one agent's own. */
export const CannedRepliesChanged = z.object({ websiteId: WebsiteId });
