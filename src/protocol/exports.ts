import { z } from "zod";
import { Moment, Uuid } from "./basics.ts";

/** What is exported: a conversation, a visitor, what was sent in a period `[from, until)`, or conversations begun in a month. */
export const ExportScope = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("conversation"), conversationId: Uuid }),
  z.object({ kind: z.literal("visitor"), visitorId: Uuid }),
  z.object({ kind: z.literal("website"), from: Moment, until: Moment }),
  z.object({ kind: z.literal("month"), month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/) }),
]);
export type ExportScope = z.infer<typeof ExportScope>;

export const ExportFormat = z
  .enum(["csv", "json", "ndjson", "parquet"])
  .describe("csv for spreadsheets; json has visitors and conversations too");
export type ExportFormat = z.infer<typeof ExportFormat>;

/** An export that was asked for; its file can be downloaded while it is `done`. */
export const Export = z.object({
  id: Uuid,
  scope: ExportScope,
  format: ExportFormat,
  state: z.enum(["waiting", "running", "done", "failed"]),
  rows: z.number().int().describe("written so far"),
  sizeBytes: z.number().int().nullable(),
  sha256: z.string().nullable(),
  problem: z.string().nullable().describe("why it failed"),
  requestedBy: z.object({ id: Uuid, name: z.string() }),
  createdAt: Moment,
  expiresAt: Moment.describe("then the file is deleted"),
});
export type Export = z.infer<typeof Export>;

export const ExportList = z.object({ exports: z.array(Export) });
export type ExportList = z.infer<typeof ExportList>;
