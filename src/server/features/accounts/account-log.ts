import type { Db } from "#database/connect.ts";
import type { AuditAction } from "#protocol/audit-actions.ts";
import { type AuditedAction, type By, noWebsite } from "#server/declaration/audit-record.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { type Events, transact } from "#server/declaration/transact.ts";
import { listMemberships } from "#server/identity/memberships.ts";

/**
 * Records an action on an account: an entry in the log of each website that it belongs to.
 * @param userId  null: there is no such account
 */
export async function auditAccount<A extends AuditAction>(
  tx: Db,
  events: Events,
  by: By,
  userId: string | null,
  action: AuditedAction<A>,
): Promise<void> {
  for (const websiteId of await listLogs(tx, userId)) events.audit<A>(by, { ...action, websiteId });
}

/** Records an action that changes nothing else, such as a failed sign-in. */
export const auditAccountAlone = <A extends AuditAction>(
  ctx: Ctx,
  by: By,
  userId: string | null,
  action: AuditedAction<A>,
): Promise<void> => transact(ctx, ctx.directory, (tx, events) => auditAccount(tx, events, by, userId, action));

/** The websites whose logs get the entries of an account. */
export async function listLogs(directory: Db, userId: string | null): Promise<number[]> {
  const memberships = userId ? await listMemberships(directory, userId) : [];
  return memberships.length > 0 ? memberships.map(({ websiteId }) => websiteId) : [noWebsite];
}
