import { z } from "zod";
import type { Role } from "./agents.ts";
import { auditActions } from "./audit-actions.ts";
import { Moment, Uuid } from "./basics.ts";
import { limits } from "./limits.ts";

/** Details of some actions, besides actor, target and address. Never a secret, and no text of a message. */
export type AuditDetails = {
  /** of an account; if there is none, only the first letter and the domain of the typed address */
  "account.sign_in_failed": { email: string };
  "invitation.created": { role: Role };
  "invitation.withdrawn": { role: Role };
  "invitation.accepted": { role: Role; invitedBy: string | null };
  "agent.role_changed": { from: Role; to: Role };
  "agent.removed": { role: Role };
  /** of the changed fields only, those of `settings` among them */
  "website.changed": { fields: string[]; from: Record<string, unknown>; to: Record<string, unknown> };
  /** a period, or a month such as 2026-10 */
  "website.exported": { format: string } & ({ from: string; until: string } | { month: string });
  "conversation.exported": { format: string };
  "visitor.exported": { format: string };
  "website.imported": { conversations: number; messages: number };
  "website.deleted": { reason: string };
  "website.purged": { rows: number };
  /** the new values; the target has the old name */
  "tag.changed": { name?: string; colour?: string };
  "conversation.deleted": { reason: string };
  "conversation.purged": { messages: number };
  /** the anonymous visitor before */
  "conversation.carried_over": { from: string };
  "visitor.deleted": { reason: string; conversations: number };
  "visitor.restored": { conversations: number };
  "message.purged": { seq: number };
  "message.restored": { messageId: string; author: "agent" | "visitor" };
  "message.deleted": { messageId: string; author: "agent" | "visitor" };
  /** never the values */
  "visitor.corrected": { fields: string[] };
  /** a batch of conversations that the website's retention deleted */
  "conversation.expired": { conversations: number; messages: number; afterDays: number };
  /** visitors of whom the retention left no conversation */
  "visitor.expired": { visitors: number };
  "hold.placed": { reason: string };
  "hold.lifted": { reason: string };
  "installation.mended": { fix: string };
  "alert.acknowledged": { check: string };
  "alert.silenced": { check: string; until: string; reason: string };
  "alert.silence_ended": { check: string };
  /** never the address: it may give access */
  "alert_channel.created": { kind: string; minLevel: string };
  "alert_channel.deleted": { kind: string };
  "alert_channel.tested": { kind: string };
  "backup.requested": { kind: "backup" | "drill" };
  "backup.downloaded": { backup: string };
  "backup.made": { backup: string };
  /** null: to the end of what was kept */
  "backup.restored": { backup: string; until: string | null };
  "database.migrated": { migrations: string[] };
  "database.migration_undone": { migration: string };
};

const AuditActor = z.object({
  kind: z
    .enum(["user", "visitor", "system", "unknown"])
    .describe("system: the command line; unknown: nobody was signed in"),
  id: Uuid.nullable().describe("of a user or visitor"),
  name: z.string().describe("of a user at that time, or of who used the command line; else empty"),
});
export type AuditActor = z.infer<typeof AuditActor>;

/** The target of an action, with its name at that time; empty for a visitor, who may be erased, and for a conversation. */
const AuditTarget = z.object({
  kind: z.enum(["account", "invitation", "agent", "website", "tag", "canned_reply", "visitor", "conversation"]),
  id: z.string(),
  name: z.string(),
});
export type AuditTarget = z.infer<typeof AuditTarget>;

/** One entry: actor, action, target, time and address. */
export const AuditEntry = z.object({
  id: Uuid,
  at: Moment,
  actor: AuditActor,
  action: z.string().describe("one of those that the query takes; a client may be older than the server"),
  target: AuditTarget.nullable(),
  details: z.record(z.string(), z.unknown()),
  ip: z.string().nullable(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** Newest first; `actorId` and `action` narrow it down. */
export const AuditQuery = z.object({
  cursor: z.string().max(200).optional(),
  actorId: Uuid.optional(),
  action: z.enum(auditActions).optional(),
  limit: z.coerce.number().int().min(1).max(limits.pageSizeMax).default(limits.pageSize),
});
export type AuditQuery = z.infer<typeof AuditQuery>;

/** `nextCursor` asks for the entries before these; null on the last page. */
export const AuditPage = z.object({ entries: z.array(AuditEntry), nextCursor: z.string().nullable() });
export type AuditPage = z.infer<typeof AuditPage>;
