import { z } from "zod";
import { Moment, Uuid } from "./basics.ts";

/** A zip, as a stream. */
export const ZipFile = z.any().describe("a zip file (application/zip)");

const correctable = {
  name: z.string().trim().max(200).nullable(),
  email: z.string().trim().max(254).nullable(),
  /** null removes one */
  attributes: z.record(z.string().trim().min(1).max(100), z.string().trim().max(500).nullable()),
};

/** What is wrong about a visitor. What is not named stays as it is. */
export const VisitorCorrection = z
  .object(correctable)
  .partial()
  .refine(change => Object.keys(change).length > 0, "names nothing to correct");
export const visitorCorrection = z.object(correctable).partial().shape;
export type VisitorCorrection = z.infer<typeof VisitorCorrection>;

/** A deletion of a person, or their erasure: the receipt. */
export const Erasure = z.object({
  visitorId: Uuid,
  requestedAt: Moment,
  erasedAt: Moment.nullable().describe("null: they can still be brought back"),
  removed: z.record(z.string(), z.number().int()).describe("how many rows of each table went"),
  inBackups: z
    .number()
    .int()
    .nullable()
    .describe("how many backups were begun before and may still hold them; null: not erased yet, or the store is away"),
  inBackupsUntil: Moment.nullable().describe(
    "when the last of these backups is deleted by the schedule; null: there is none, or nothing deletes it",
  ),
});
export type Erasure = z.infer<typeof Erasure>;

/** The last request first; `nextCursor` requests the next page, null on the last. */
export const ErasuresPage = z.object({ erasures: z.array(Erasure), nextCursor: z.string().nullable() });
export type ErasuresPage = z.infer<typeof ErasuresPage>;

export const DeletedMyself = z.object({
  receipt: Uuid.describe("names the deletion, for questions to the website"),
  conversations: z.number().int(),
  messages: z.number().int(),
  undoableUntil: Moment.describe("then it is erased"),
  inBackupsUntil: Moment.nullable().describe(
    "backups that are made until the erasure hold it until then; null: none are made",
  ),
});
export type DeletedMyself = z.infer<typeof DeletedMyself>;
