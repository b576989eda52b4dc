import { createHash, randomBytes } from "node:crypto";
import { uuidv7 } from "uuidv7";
import type { Db } from "#database/connect.ts";
import type { Account } from "#protocol/accounts.ts";
import type { Role, User } from "#protocol/agents.ts";
import { WebsiteId } from "#protocol/basics.ts";
import { AppError } from "#protocol/errors.ts";
import type { Invitation } from "#protocol/invitations.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { insertMembership } from "#server/features/agents/queries.ts";
import { insertAccount } from "#server/identity/accounts.ts";
import { deleteInvitation, findInvitation, insertInvitation } from "./queries.ts";

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
  await insertInvitation(ctx.directory, {
    websiteId,
    id,
    role,
    note,
    tokenHash: hash(secret),
    invitedBy: p.by.id,
    expiresAt,
  });
  const times = { createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString() };
  return { invitation: { id, role, note, invitedBy: p.by.name, ...times }, token: `${websiteId}-${secret}` };
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

/** Adds a new account, or the user who is signed in, to the website; the invitation is used up. */
export async function acceptInvitation(
  ctx: Ctx,
  p: { token: string; account: Account | undefined; user: User | null },
): Promise<User> {
  if (!p.account && !p.user) throw new AppError("not_signed_in", "Make an account, or sign in to your own first.");
  const user = await ctx.directory.transaction().execute(async tx => {
    const { websiteId, id, role } = await getInvitation(tx, p.token);
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
