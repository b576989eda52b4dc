import { z } from "zod";
import { Moment, Uuid } from "./basics.ts";
import { AuthorKind } from "./conversations.ts";

export const DeletionReason = z.object({
  reason: z.string().trim().max(200).default("").describe("shown in the trash and in the audit log"),
});

/** A deleted conversation that can still be brought back. */
export const TrashEntry = z.object({
  conversationId: Uuid,
  visitor: z.object({ id: Uuid, name: z.string().nullable(), email: z.string().nullable() }),
  preview: z.string(),
  previewAuthor: AuthorKind,
  deletedAt: Moment,
  deletedBy: z.object({ id: Uuid, name: z.string() }).nullable(),
  reason: z.string(),
  purgedAt: Moment.describe("from then on it cannot be brought back"),
});
export type TrashEntry = z.infer<typeof TrashEntry>;

/** The last deletion first; `nextCursor` requests the next page, null on the last. */
export const TrashPage = z.object({ entries: z.array(TrashEntry), nextCursor: z.string().nullable() });
export type TrashPage = z.infer<typeof TrashPage>;
