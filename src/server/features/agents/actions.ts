import type { Db } from "#database/connect.ts";
import type { Role } from "#protocol/agents.ts";
import { AppError } from "#protocol/errors.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { transact } from "#server/declaration/transact.ts";
import { publishChanges, unassignAll } from "#server/features/conversations/feature.ts";
import { deleteMembership, deleteSessions, lockMemberships, updateRole } from "./queries.ts";

/** @throws AppError "not_found", or "conflict" when the website would be left without an owner */
export async function changeRole(ctx: Ctx, p: { websiteId: number; userId: string; role: Role }): Promise<void> {
  await ctx.directory.transaction().execute(async tx => {
    await lockForChange(tx, p, p.role);
    await updateRole(tx, p);
  });
  ctx.bus.publish(`user:${p.userId}`, "memberships");
}

/**
 * Removes an agent: their conversations become unassigned, their sessions end, their sockets close.
 * @throws AppError as changeRole()
 */
export async function removeAgent(ctx: Ctx, p: { db: Db; websiteId: number; userId: string }): Promise<void> {
  await transact(ctx, p.db, async (tx, events) => {
    await lockForChange(tx, p, null);
    publishChanges(ctx, events, await unassignAll(tx, p));
    await deleteMembership(tx, p);
  });
  await deleteSessions(ctx.directory, p.userId);
  ctx.bus.publish(`user:${p.userId}`, "sessions");
}

async function lockForChange(tx: Db, p: { websiteId: number; userId: string }, next: Role | null) {
  const members = await lockMemberships(tx, p.websiteId);
  if (!members.some(member => member.userId === p.userId)) {
    throw new AppError("not_found", "This person does not belong to the website.");
  }
  const ownersLeft = members.filter(member => member.userId !== p.userId && member.role === "owner").length;
  if (next !== "owner" && ownersLeft === 0) {
    throw new AppError("conflict", "A website needs an owner: make somebody else one first.");
  }
}
