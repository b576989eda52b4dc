import type { FastifyReply, FastifyRequest } from "fastify";
import type { Role, User } from "#protocol/agents.ts";
import { WebsiteId } from "#protocol/basics.ts";
import { AppError } from "#protocol/errors.ts";
import type { Ctx } from "#server/context.ts";
import { findMembership, findPages } from "#server/identity/memberships.ts";
import type { VisitorSession } from "#server/identity/visitor-token.ts";
import { headersOf } from "./headers.ts";
import { isAllowedOrigin } from "./origins.ts";

/**
 * Who may call. nobody: anyone. user: signed in. agent, admin, owner: a member of `:websiteId` with at least that role,
 * to everybody else the website does not exist. visitor: the bearer of a visitor's token, on an allowed origin.
 */
export type Access = "nobody" | "user" | Role | "visitor";

export type Caller<A extends Access> = A extends "nobody"
  ? { user: User | null }
  : A extends "visitor"
    ? { visitor: VisitorSession }
    : A extends "user"
      ? { user: User }
      : { user: User; role: Role; websiteId: number };

const rank: Record<Role, number> = { agent: 1, admin: 2, owner: 3 };

/** @throws AppError of who may not; a stranger to the website is told that there is none */
export async function authenticate(
  ctx: Ctx,
  access: Access,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<object> {
  if (access === "visitor") return { visitor: await authenticateVisitor(ctx, request) };
  const session = await ctx.auth.findSession(headersOf(request));
  if (session?.cookies.length) reply.header("set-cookie", session.cookies);
  const user = session?.user ?? null;
  if (access === "nobody") return { user };
  if (!user) throw new AppError("not_signed_in", "You are not signed in. Sign in and try again.");
  if (access === "user") return { user };
  const websiteId = WebsiteId.safeParse((request.params as { websiteId?: string }).websiteId).data;
  const role = websiteId ? await findMembership(ctx.db, { websiteId, userId: user.id }) : null;
  if (!role) throw new AppError("not_found", "There is no such website, or you do not belong to it.");
  if (rank[role] < rank[access]) {
    throw new AppError("forbidden", `Only ${access === "owner" ? "an owner" : "an admin or owner"} may do this.`);
  }
  return { user, role, websiteId };
}

async function authenticateVisitor(ctx: Ctx, request: FastifyRequest): Promise<VisitorSession> {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  if (!token) throw new AppError("not_signed_in", "The visitor's token is missing: Authorization: Bearer …");
  const visitor = await ctx.visitorTokens.verify(token);
  await allowOrigin(ctx, visitor.websiteId, request.headers.origin);
  return visitor;
}

/** @throws AppError "origin_not_allowed" when the page is none of the website's own */
export async function allowOrigin(ctx: Ctx, websiteId: number, origin: string | undefined): Promise<void> {
  const website = await findPages(ctx.db, websiteId);
  if (!website) throw new AppError("session_expired", "This website's chat has ended.");
  if (!isAllowedOrigin(ctx, website.allowedOrigins, origin)) {
    throw new AppError(
      "origin_not_allowed",
      `The chat of ${website.name} is not allowed on ${origin ?? "pages without an origin"}. ` +
        "Its allowed origins stand in the website's settings.",
    );
  }
}
