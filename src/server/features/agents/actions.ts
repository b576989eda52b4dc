import { createHash, randomBytes } from "node:crypto";
import { uuidv7 } from "uuidv7";
import type { Account } from "#protocol/accounts.ts";
import type { Role, User } from "#protocol/agents.ts";
import { WebsiteId } from "#protocol/basics.ts";
import { AppError } from "#protocol/errors.ts";
import type { Invitation } from "#protocol/invitations.ts";
import type { Ctx } from "#server/context.ts";
import { publishConversation } from "#server/features/conversations/events.ts";
import { unassignAll } from "#server/features/conversations/queries.ts";
import { insertAccount } from "#server/identity/accounts.ts";
import { deleteInvitation, findInvitation, insertInvitation } from "./invitation-queries.ts";
import { deleteMembership, deleteSessions, insertMembership, lockMemberships, updateRole } from "./queries.ts";

const invitationDays = 7;
const hash = (token: string) => createHash("sha256").update(token).digest("hex");

/** Makes a link's token; only its hash is kept. */
export async function invite(
  ctx: Ctx,
  p: { websiteId: number; role: Role; note: string; by: User },
): Promise<{ invitation: Invitation; token: string }> {
  const id = uuidv7();
  const secret = randomBytes(24).toString("base64url");
  const createdAt = new Date();
  const expiresAt = new Date(createdAt.getTime() + invitationDays * 86_400_000);
  const { websiteId, role, note } = p;
  await insertInvitation(ctx.db, { websiteId, id, role, note, tokenHash: hash(secret), invitedBy: p.by.id, expiresAt });
  const times = { createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString() };
  return { invitation: { id, role, note, invitedBy: p.by.name, ...times }, token: `${websiteId}-${secret}` };
}

/** @throws AppError "invitation_gone" */
export async function getInvitation(ctx: Pick<Ctx, "db">, token: string) {
  const [, website, secret = ""] = /^(\d+)-(.+)$/.exec(token) ?? [];
  const websiteId = WebsiteId.safeParse(website).data;
  const found = websiteId ? await findInvitation(ctx.db, { websiteId, tokenHash: hash(secret) }) : null;
  if (!websiteId || !found)
    throw new AppError("invitation_gone", "This invitation was used, withdrawn, or is older than 7 days.");
  return { websiteId, ...found };
}

/** Adds a new account, or whoever is signed in, to the website; the invitation is used up. */
export async function acceptInvitation(
  ctx: Ctx,
  p: { token: string; account: Account | undefined; user: User | null },
): Promise<User> {
  if (!p.account && !p.user) throw new AppError("not_signed_in", "Make an account, or sign in to your own first.");
  const user = await ctx.db.transaction().execute(async tx => {
    const { websiteId, id, role } = await getInvitation({ db: tx }, p.token);
    if (!(await deleteInvitation(tx, { websiteId, id }))) {
      throw new AppError("invitation_gone", "This invitation has just been used.");
    }
    const joining = p.account ? await insertAccount(tx, p.account) : p.user!;
    await insertMembership(tx, { websiteId, userId: joining.id, role });
    return joining;
  });
  ctx.bus.publish(`user:${user.id}`, "memberships");
  return user;
}

/** @throws AppError "not_found", or "conflict" when the website would be left without an owner */
export async function changeRole(ctx: Ctx, p: { websiteId: number; userId: string; role: Role }): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    await lockForChange(tx, p, p.role);
    await updateRole(tx, p);
  });
  ctx.bus.publish(`user:${p.userId}`, "memberships");
}

/**
 * Removes an agent: their conversations become unassigned, their sessions end, their sockets close.
 * @throws AppError as changeRole()
 */
export async function removeAgent(ctx: Ctx, p: { websiteId: number; userId: string }): Promise<void> {
  const unassigned = await ctx.db.transaction().execute(async tx => {
    await lockForChange(tx, p, null);
    const rows = await unassignAll(tx, p);
    await deleteMembership(tx, p);
    await deleteSessions(tx, p.userId);
    return rows;
  });
  ctx.bus.publish(`user:${p.userId}`, "sessions");
  for (const row of unassigned) publishConversation(ctx, row);
}

async function lockForChange(tx: Ctx["db"], p: { websiteId: number; userId: string }, next: Role | null) {
  const members = await lockMemberships(tx, p.websiteId);
  if (!members.some(member => member.userId === p.userId)) {
    throw new AppError("not_found", "This person does not belong to the website.");
  }
  const ownersLeft = members.filter(member => member.userId !== p.userId && member.role === "owner").length;
  if (next !== "owner" && ownersLeft === 0) {
    throw new AppError("conflict", "A website needs an owner: make somebody else one first.");
  }
}
