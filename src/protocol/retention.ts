import { z } from "zod";
import { Moment, Uuid, WebsiteId } from "./basics.ts";

export const monthStates = ["live", "archived", "exported", "detached", "dropped"] as const;
export const MonthState = z.enum(monthStates);
export type MonthState = z.infer<typeof MonthState>;

/** What a month waits for: the age of a website's conversations, the undo of deletions, a legal hold, a website's confirmation. */
export const WaitsFor = z.object({
  reason: z.enum(["age", "trash", "hold", "confirmation"]),
  websiteId: WebsiteId.nullable().describe("null: another website than the reader's"),
  until: Moment.nullable().describe("null: until the hold is lifted, or the deletion confirmed"),
  holdId: Uuid.optional().describe("of the conversation or visitor that is held"),
});
export type WaitsFor = z.infer<typeof WaitsFor>;

/** A month of messages, of all websites of the installation. */
export const RetentionMonth = z.object({
  month: z.string().describe("such as 2026-08"),
  state: MonthState,
  messages: z.number().nullable().describe("estimated; null before the first estimate"),
  sizeBytes: z.number(),
  archivedAt: Moment.nullable(),
  exportedAt: Moment.nullable(),
  detachedAt: Moment.nullable(),
  droppedAt: Moment.nullable(),
  exportKey: z.string().nullable().describe("of the export's manifest in the storage"),
  nextStep: MonthState.nullable().describe("the state that comes next; null: none, or no run has found it yet"),
  nextAt: Moment.nullable().describe("at the earliest"),
  waitsFor: z.array(WaitsFor),
});
export type RetentionMonth = z.infer<typeof RetentionMonth>;

export const RetentionShown = z.object({
  archiveAfterDays: z.number(),
  deleteAfterDays: z.number(),
  isDeletionConfirmed: z.boolean().describe("false: nothing is deleted by its age"),
  due: z.number().int().nullable().describe("conversations that are older than that, until the deletion is confirmed"),
  lastRunAt: Moment.nullable(),
  months: z.array(RetentionMonth).describe("the newest first"),
});
export type RetentionShown = z.infer<typeof RetentionShown>;
