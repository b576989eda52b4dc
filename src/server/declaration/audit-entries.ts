import { uuidv7 } from "uuidv7";
import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { type AuditRecord, entryOf, type NewAuditEntry } from "./audit-record.ts";

/** In the transaction of what the entries tell of: both are committed, or neither. */
export const insertAuditEntries = defineQuery(
  {
    name: "new entries of the audit log",
    indexes: [],
    buffers: 40,
    sample: ({ websiteId }) => [[entryOf({ source: { ip: null, userAgent: null } }, sampleRecord(websiteId))]],
  },
  async (tx: Db, entries: NewAuditEntry[]): Promise<void> => {
    await tx.insertInto("audit_log").values(entries.map(asRow)).execute();
  },
);

const sampleRecord = (websiteId: number): AuditRecord => ({ websiteId, action: "account.signed_in", target: null });

function asRow({ websiteId, actor, action, target, details, ip, userAgent }: NewAuditEntry) {
  const id = uuidv7();
  return {
    website_id: websiteId,
    id,
    at: new Date(Number.parseInt(id.replace("-", "").slice(0, 12), 16)),
    actor_kind: actor.kind,
    actor_id: actor.id,
    actor_name: actor.name,
    action,
    target_kind: target?.kind ?? null,
    target_id: target?.id ?? null,
    target_name: target?.name ?? null,
    details: JSON.stringify(details ?? {}),
    ip,
    user_agent: userAgent,
  };
}
