import { z } from "zod";
import { Moment, Uuid } from "./basics.ts";
import { AuthorKind } from "./conversations.ts";

export const DeletionReason = z.object({
  reason: z.string().trim().max(200).default("").describe("shown in the trash and in the audit log"),
});

/** What all kinds of entries have. */
const entry = {
  id: Uuid,
  visitor: z.object({ id: Uuid, name: z.string().nullable(), email: z.string().nullable() }),
  deletedAt: Moment,
  deletedBy: z.object({ id: Uuid, name: z.string() }).nullable().describe("an agent; null: the visitor"),
  reason: z.string(),
  purgedAt: Moment.describe("from then on it cannot be brought back"),
};

/** Something that was deleted and can still be brought back. */
export const TrashEntry = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("conversation"),
    ...entry,
    conversationId: Uuid,
    preview: z.string(),
    previewAuthor: AuthorKind,
  }),
  z.object({
    kind: z.literal("message"),
    ...entry,
    conversationId: Uuid,
    author: AuthorKind,
    body: z.string().nullable().describe("null: what a visitor has deleted is not shown"),
  }),
  z.object({ kind: z.literal("visitor"), ...entry, conversations: z.number().int().describe("that come back too") }),
]);
export type TrashEntry = z.infer<typeof TrashEntry>;

/** The last deletion first; `nextCursor` requests the next page, null on the last. */
export const TrashPage = z.object({ entries: z.array(TrashEntry), nextCursor: z.string().nullable() });
export type TrashPage = z.infer<typeof TrashPage>;

/** What a deletion would take away. */
export const VisitorContents = z.object({ conversations: z.number().int(), messages: z.number().int() });
export type VisitorContents = z.infer<typeof VisitorContents>;

/** The conversations that went or came back with their visitor. */
export const VisitorDeleted = z.object({ conversations: z.number().int() });
export type VisitorDeleted = z.infer<typeof VisitorDeleted>;

/** Deletes a website: its name is typed. */
export const WebsiteDeletion = DeletionReason.extend({ name: z.string().max(200).describe("of the website") });

/** The deleted websites that the reader owns, the last deletion first. */
export const DeletedWebsites = z.object({
  websites: z.array(
    z.object({
      id: z.number().int(),
      name: z.string(),
      deletedAt: Moment,
      deletedByName: z.string().nullable(),
      reason: z.string(),
      purgedAt: Moment.describe("from then on it cannot be brought back"),
    }),
  ),
});
export type DeletedWebsites = z.infer<typeof DeletedWebsites>;
