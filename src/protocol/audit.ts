import { z } from "zod";
import { Moment, Uuid } from "./basics.ts";
import { limits } from "./limits.ts";

/** Every action that the audit log records, by the noun that it is done to. */
export const auditActions = [
  "account.signed_in",
  "account.sign_in_failed",
  "account.signed_out",
  "account.password_changed",
  "invitation.created",
  "invitation.withdrawn",
  "invitation.accepted",
  "agent.role_changed",
  "agent.removed",
  "website.created",
  "website.changed",
  "website.secret_shown",
  "website.secret_replaced",
  "tag.created",
  "tag.changed",
  "tag.deleted",
  "message.deleted",
  "conversation.exported",
  "conversation.deleted",
] as const;
export type AuditAction = (typeof auditActions)[number];

/**
 * One entry: who did what to what, when and from where. Names are those of that moment.
 *
 * | action                 | target                 | details                             |
 * |------------------------|------------------------|-------------------------------------|
 * | account.sign_in_failed | null                   | `email`: as it was typed            |
 * | invitation.*           | invitation: its note   | `role`; accepted: `invitedBy`       |
 * | agent.role_changed     | agent                  | `from`, `to`: roles                 |
 * | agent.removed          | agent                  | `role`                              |
 * | website.changed        | website                | `fields`: names of what was changed |
 * | tag.changed            | tag: the name before   | `name`, `colour`: what was changed  |
 * | message.deleted        | conversation           | `author`: visitor or agent          |
 * | conversation.*         | conversation           |                                     |
 */
export const AuditEntry = z.object({
  id: Uuid,
  at: Moment,
  actor: z
    .object({ id: Uuid, name: z.string() })
    .nullable()
    .describe("null: a visitor, the command line or the system"),
  /** One of `auditActions`; a text, because a client may be older than the server. */
  action: z.string(),
  target: z.object({ kind: z.string(), id: z.string(), name: z.string() }).nullable(),
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
