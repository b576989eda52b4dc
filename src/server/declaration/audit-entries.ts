import type { ExpressionBuilder } from "kysely";
import { uuidv7 } from "uuidv7";
import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import type { DB } from "#database/tables.ts";
import type { AuditActor, AuditTarget } from "#protocol/audit.ts";
import { type AuditRecord, entryOf, type NewAuditEntry } from "./audit-record.ts";

/** Runs in the transaction of the recorded actions: both are committed, or neither. */
export const insertAuditEntries = defineQuery(
  {
    name: "new entries of the audit log",
    indexes: ["memberships_pkey"],
    buffers: 40,
    includesDeleted: { memberships: "an agent may have left in the same transaction" },
    sample: ({ websiteId, agentId }) => [[sampleEntry(websiteId, agentId)]],
  },
  async (tx: Db, entries: NewAuditEntry[]): Promise<void> => {
    await tx
      .insertInto("audit_log")
      .values(eb => entries.map(entry => asRow(eb, entry)))
      .execute();
  },
);

const sampleEntry = (websiteId: number, id: string): NewAuditEntry =>
  entryOf(
    { user: { id, name: "Ada", email: "ada@nobody.invalid" }, source: { ip: null, userAgent: null } },
    sampleRecord(websiteId),
  );

const sampleRecord = (websiteId: number): AuditRecord => ({ websiteId, action: "account.signed_in", target: null });

type Builder = ExpressionBuilder<DB, "audit_log">;

function asRow(eb: Builder, { websiteId, actor, action, target, details, ip, userAgent }: NewAuditEntry) {
  const id = uuidv7();
  return {
    website_id: websiteId,
    id,
    at: new Date(Number.parseInt(id.replace("-", "").slice(0, 12), 16)),
    actor_kind: actor.kind,
    actor_id: actor.id,
    actor_name: nameIn(eb, websiteId, actor),
    action,
    target_kind: target?.kind ?? null,
    target_id: target?.id ?? null,
    target_name: target && nameIn(eb, websiteId, target),
    details: JSON.stringify(details ?? {}),
    ip,
    user_agent: userAgent,
  };
}

/** A website's log names people as the website does, also where an action knows only the name of their account. */
function nameIn(eb: Builder, websiteId: number, { kind, id, name }: AuditActor | AuditTarget) {
  if (kind !== "user" && kind !== "account") return eb.val(name);
  const byMembership = eb
    .selectFrom("memberships as m")
    .select("m.name")
    .where("m.website_id", "=", websiteId)
    .where("m.user_id", "=", id);
  return eb.fn.coalesce(byMembership, eb.val(name));
}
