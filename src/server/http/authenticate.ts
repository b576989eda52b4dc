import type { FastifyReply, FastifyRequest } from "fastify";
import { WebsiteId } from "#protocol/basics.ts";
import { AppError } from "#protocol/errors.ts";
import { type Access, requireRole } from "#server/declaration/access.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { resolveVisitor } from "#server/features/visitors/feature.ts";
import { headersOf } from "#server/identity/headers.ts";
import { findAccess, findMembership } from "#server/identity/memberships.ts";
import { requireAccess } from "#server/identity/visitor-access.ts";

/**
 * Authenticates the caller and finds the database of their website.
 * @returns the Caller of the access
 * @throws AppError with the reason of the refusal; for a stranger the website does not exist (404)
 */
export async function authenticate(
  ctx: Ctx,
  access: Access,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<object> {
  if (access === "visitor") return authenticateVisitor(ctx, request);
  const session = await ctx.auth.findSession(headersOf(request));
  if (session?.cookies.length) reply.header("set-cookie", session.cookies);
  const user = session?.user ?? null;
  if (access === "public") return { user };
  if (!user) throw new AppError("not_signed_in", "You are not signed in. Sign in and try again.");
  if (access === "user") return { user };
  const websiteId = WebsiteId.safeParse((request.params as { websiteId?: string }).websiteId).data;
  const membership = websiteId ? await findMembership(ctx.directory, { websiteId, userId: user.id }) : null;
  if (!websiteId || !membership)
    throw new AppError("not_found", "There is no such website, or you do not belong to it.");
  const { role, name } = membership;
  requireRole(role, access);
  const database = ctx.database({ websiteId });
  return { user: { ...user, name }, role, websiteId, database, db: database.db };
}

async function authenticateVisitor(ctx: Ctx, { headers }: FastifyRequest): Promise<object> {
  const token = /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1];
  if (!token) throw new AppError("not_signed_in", "The visitor's token is missing: Authorization: Bearer …");
  const claimed = await ctx.visitorTokens.verify(token);
  const { websiteId } = claimed;
  requireAccess(ctx, await findAccess(ctx.directory, websiteId), claimed, headers.origin);
  const database = ctx.database({ websiteId });
  return { visitor: await resolveVisitor(database.db, claimed), websiteId, database, db: database.db };
}
