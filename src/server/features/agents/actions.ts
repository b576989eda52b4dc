import type { Db } from "#database/connect.ts";
import type { Role } from "#protocol/agents.ts";
import { AppError } from "#protocol/errors.ts";
import type { ByUser } from "#server/declaration/audit-record.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { transact } from "#server/declaration/transact.ts";
import { publishChanges, unassignAll } from "#server/features/conversations/feature.ts";
import { withdrawAllBy } from "#server/features/invitations/feature.ts";
import { deleteSessions, endMembership, lockMemberships, updateRole } from "./queries.ts";

/**
 * Changes a role. Who may not invite any more loses the invitations that they have made.
 * @throws AppError "not_found", or "conflict" if the website would have no owner left
 */
export async function changeRole(
  ctx: Ctx,
  by: ByUser,
  p: { websiteId: number; userId: string; role: Role },
): Promise<void> {
  await transact(ctx, ctx.directory, async (tx, events) => {
    const { target, role: from } = await lockForChange(tx, p, p.role);
    if (from === p.role) return;
    await updateRole(tx, p);
    const details = { from, to: p.role };
    events.audit(by, { websiteId: p.websiteId, action: "agent.role_changed", target, details });
    if (p.role === "agent") await withdrawAllBy(tx, events, by, p);
    events.publish(`user:${p.userId}`, "memberships");
  });
}

/**
 * Removes an agent: their conversations become unassigned, their invitations are withdrawn, their sessions end, their
 * sockets close.
 * @throws AppError as changeRole()
 */
export async function removeAgent(
  ctx: Ctx,
  by: ByUser,
  p: { db: Db; websiteId: number; userId: string },
): Promise<void> {
  await transact(ctx, p.db, async (tx, events) => {
    const { target, role } = await lockForChange(tx, p, null);
    publishChanges(ctx, events, await unassignAll(tx, p));
    await endMembership(tx, p);
    events.audit(by, { websiteId: p.websiteId, action: "agent.removed", target, details: { role } });
    await withdrawAllBy(tx, events, by, p);
  });
  await deleteSessions(ctx.directory, p.userId);
  ctx.bus.publish(`user:${p.userId}`, "sessions");
}

/** Locks the website's memberships. @returns the current role, and the agent as the target of an audit entry */
async function lockForChange(tx: Db, p: { websiteId: number; userId: string }, next: Role | null) {
  const members = await lockMemberships(tx, p.websiteId);
  const member = members.find(({ userId }) => userId === p.userId);
  if (!member) throw new AppError("not_found", "This person does not belong to the website.");
  const ownersLeft = members.filter(member => member.userId !== p.userId && member.role === "owner").length;
  if (next !== "owner" && ownersLeft === 0) {
    throw new AppError("conflict", "A website needs an owner. Make another agent an owner first.");
  }
  return { role: member.role, target: { kind: "agent", id: p.userId, name: member.name } as const };
}
