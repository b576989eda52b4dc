import type { AuditEntry } from "#protocol/audit.ts";
import type { AuditRow } from "./queries.ts";

export const asEntry = (row: AuditRow): AuditEntry => ({
  id: row.id,
  at: row.at.toISOString(),
  actor: { kind: row.actorKind, id: row.actorId, name: row.actorName },
  action: row.action,
  target: row.targetKind && { kind: row.targetKind, id: row.targetId ?? "", name: row.targetName ?? "" },
  details: row.details,
  ip: row.ip,
});
