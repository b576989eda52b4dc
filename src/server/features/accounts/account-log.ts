import type { Db } from "#database/connect.ts";
import type { AuditAction } from "#protocol/audit.ts";
import { type AuditedAction, type By, noWebsite } from "#server/declaration/audit-record.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { type Events, transact } from "#server/declaration/transact.ts";
import { listMemberships } from "#server/identity/memberships.ts";

/** Records what happened to an account: an entry in the log of each website that it belongs to. Null: no account. */
export async function auditAccount<A extends AuditAction>(
  tx: Db,
  events: Events,
  by: By,
  userId: string | null,
  action: AuditedAction<A>,
): Promise<void> {
  for (const websiteId of await listLogs(tx, userId)) events.audit<A>(by, { ...action, websiteId });
}

/** Records what changes nothing else, such as a sign-in that failed. */
export const auditAccountAlone = <A extends AuditAction>(
  ctx: Ctx,
  by: By,
  userId: string | null,
  action: AuditedAction<A>,
): Promise<void> => transact(ctx, ctx.directory, (tx, events) => auditAccount(tx, events, by, userId, action));

/** The websites in whose logs an account's entries stand. */
export async function listLogs(directory: Db, userId: string | null): Promise<number[]> {
  const memberships = userId ? await listMemberships(directory, userId) : [];
  return memberships.length > 0 ? memberships.map(({ websiteId }) => websiteId) : [noWebsite];
}
