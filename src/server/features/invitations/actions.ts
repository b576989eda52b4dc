import { createHash, randomBytes } from "node:crypto";
import { uuidv7 } from "uuidv7";
import type { Db } from "#database/connect.ts";
import type { Account } from "#protocol/accounts.ts";
import type { Role, User } from "#protocol/agents.ts";
import { WebsiteId } from "#protocol/basics.ts";
import { AppError } from "#protocol/errors.ts";
import type { Invitation } from "#protocol/invitations.ts";
import { requireRole } from "#server/declaration/access.ts";
import type { By, ByUser } from "#server/declaration/audit-record.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { type Events, transact } from "#server/declaration/transact.ts";
import { insertAccount } from "#server/identity/accounts.ts";
import { refuseCommonPassword } from "#server/identity/common-passwords.ts";
import { admitMember, findMembership, lockMember } from "#server/identity/memberships.ts";
import { deleteInvitation, deleteInvitationsBy, findInvitation, insertInvitation } from "./queries.ts";

const invitationDays = 7;
const hash = (token: string) => createHash("sha256").update(token).digest("hex");

/**
 * Creates an invitation and the token of its link; only the hash of the token is stored.
 * @throws AppError "not_found" or "forbidden" for a maker who is being removed or demoted
 */
export async function invite(
  ctx: Ctx,
  by: ByUser,
  { websiteId, role, note }: { websiteId: number; role: Role; note: string },
): Promise<{ invitation: Invitation; token: string }> {
  const id = uuidv7();
  const secret = randomBytes(24).toString("base64url");
  const createdAt = new Date();
  const expiresAt = new Date(createdAt.getTime() + invitationDays * 86_400_000);
  await transact(ctx, ctx.directory, async (tx, events) => {
    // Whoever removes or demotes the maker waits for this lock, and then withdraws this invitation too.
    const maker = await lockMember(tx, { websiteId, userId: by.user.id });
    if (!maker) throw new AppError("not_found", "There is no such website, or you do not belong to it.");
    requireRole(maker.role, "admin");
    const tokenHash = hash(secret);
    await insertInvitation(tx, { websiteId, id, role, note, tokenHash, invitedBy: by.user.id, expiresAt });
    const target = { kind: "invitation", id, name: note } as const;
    events.audit(by, { websiteId, action: "invitation.created", target, details: { role } });
  });
  const times = { createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString() };
  return { invitation: { id, role, note, invitedBy: by.user.name, ...times }, token: `${websiteId}-${secret}` };
}

/** @throws AppError "not_found" */
export const withdraw = (ctx: Ctx, by: ByUser, { websiteId, id }: { websiteId: number; id: string }): Promise<void> =>
  transact(ctx, ctx.directory, async (tx, events) => {
    const deleted = await deleteInvitation(tx, { websiteId, id });
    if (!deleted) throw new AppError("not_found", "This invitation has already been accepted or withdrawn.");
    recordWithdrawal(events, by, websiteId, { id, ...deleted });
  });

/** Withdraws all invitations that a member has made: who may not invite any more has no valid link left. */
export async function withdrawAllBy(
  tx: Db,
  events: Events,
  by: ByUser,
  member: { websiteId: number; userId: string },
): Promise<void> {
  const deleted = await deleteInvitationsBy(tx, member);
  for (const invitation of deleted) recordWithdrawal(events, by, member.websiteId, invitation);
}

type Withdrawn = { id: string; role: Role; note: string };

function recordWithdrawal(events: Events, by: ByUser, websiteId: number, { id, role, note }: Withdrawn) {
  const target = { kind: "invitation", id, name: note } as const;
  events.audit(by, { websiteId, action: "invitation.withdrawn", target, details: { role } });
}

/** @throws AppError "invitation_gone" */
export async function getInvitation(db: Db, token: string) {
  const [, website, secret = ""] = /^(\d+)-(.+)$/.exec(token) ?? [];
  const websiteId = WebsiteId.safeParse(website).data;
  const found = websiteId ? await findInvitation(db, { websiteId, tokenHash: hash(secret) }) : null;
  if (!websiteId || !found)
    throw new AppError("invitation_gone", "This invitation was used, withdrawn, or is older than 7 days.");
  return { websiteId, ...found };
}

/**
 * Adds a new account or the signed-in user to the website, or gives a member the higher role, and deletes the invitation.
 * @throws AppError "not_signed_in", "invitation_gone", or "conflict" for a member with this role or a higher one, whose
 *   try leaves the invitation to the person that it is for
 */
export async function acceptInvitation(
  ctx: Ctx,
  p: { token: string; account: Account | undefined; user: User | null; source: By["source"] },
): Promise<User> {
  if (!p.account && !p.user) throw new AppError("not_signed_in", "Create an account, or sign in first.");
  const { websiteName } = await getInvitation(ctx.directory, p.token); // a guessed one must not cost a hash
  const passwordHash = p.account && (await hashPassword(ctx, p.account, websiteName));
  return transact(ctx, ctx.directory, async (tx, events) => {
    const { websiteId, id, role, invitedBy } = await getInvitation(tx, p.token);
    const deleted = await deleteInvitation(tx, { websiteId, id });
    if (!deleted) throw new AppError("invitation_gone", "This invitation has just been used.");
    const joining = p.account ? await insertAccount(tx, { ...p.account, passwordHash: passwordHash! }) : p.user!;
    const member = { websiteId, userId: joining.id };
    if (!(await admitMember(tx, { ...member, role, name: joining.name }))) {
      const current = await findMembership(tx, member);
      throw new AppError("conflict", `You belong to ${websiteName} already, as its ${current!.role}.`);
    }
    const by = { user: joining, source: p.source };
    const target = { kind: "invitation", id, name: deleted.note } as const;
    events.audit(by, { websiteId, action: "invitation.accepted", target, details: { role, invitedBy } });
    events.publish(`user:${joining.id}`, "memberships");
    return joining;
  });
}

async function hashPassword(ctx: Ctx, { name, email, password }: Account, websiteName: string): Promise<string> {
  await refuseCommonPassword("account.password", password, [name, email, websiteName]);
  return ctx.passwords.hash(password);
}
