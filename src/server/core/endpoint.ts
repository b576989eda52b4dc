import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { type Role, type User, WebsiteId } from "#protocol/entities.ts";
import { AppError } from "#protocol/errors.ts";
import { findMembership } from "#server/features/agents/queries.ts";
import { findWebsite } from "#server/features/websites/queries.ts";
import type { Ctx } from "./context.ts";
import { headersOf } from "./headers.ts";
import type { Rule } from "./limits.ts";
import { isAllowedOrigin, isOwnOrigin } from "./origins.ts";
import type { VisitorSession } from "./visitor-token.ts";

/**
 * Who may call. nobody: anyone. user: signed in. agent, admin, owner: a member of `:websiteId` with at least that role,
 * to everybody else the website does not exist. visitor: the bearer of a visitor's token, on an allowed origin.
 */
export type Access = "nobody" | "user" | Role | "visitor";

type Caller<A extends Access> = A extends "nobody"
  ? { user: User | null }
  : A extends "visitor"
    ? { visitor: VisitorSession }
    : A extends "user"
      ? { user: User }
      : { user: User; role: Role; websiteId: number };

type Input<A extends Access, P, Q, B> = Caller<A> & {
  params: P;
  query: Q;
  body: B;
  request: FastifyRequest;
  reply: FastifyReply;
};

type Endpoint<A extends Access, P, Q, B, Answer> = {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** below /api/v1 */
  path: string;
  summary: string;
  access: A;
  /** the widget calls it from the pages of others; everything else that changes something is for our own pages only */
  crossOrigin?: true;
  /** counted by address */
  limit?: Rule;
  params?: z.ZodType<P>;
  query?: z.ZodType<Q>;
  body?: z.ZodType<B>;
  /** absent: 204, no content */
  answer?: z.ZodType<Answer>;
  handle: (input: Input<A, P, Q, B>) => Promise<Answer> | Answer;
};

export type DeclareEndpoint = <A extends Access, P = unknown, Q = unknown, B = unknown, Answer = void>(
  endpoint: Endpoint<A, P, Q, B, Answer>,
) => void;

const rank: Record<Role, number> = { agent: 1, admin: 2, owner: 3 };

/**
 * How every endpoint is declared: limit, authenticate, validate, handle. The order matters: a stranger learns nothing
 * from what validation says.
 */
export function endpoints(app: FastifyInstance, ctx: Ctx): DeclareEndpoint {
  return endpoint => {
    app.route({
      method: endpoint.method,
      url: `/api/v1${endpoint.path}`,
      schema: {
        summary: endpoint.summary,
        tags: [endpoint.path.split("/")[1]!],
        security: securityOf(endpoint.access),
        ...(endpoint.params && { params: endpoint.params }),
        ...(endpoint.query && { querystring: endpoint.query }),
        ...(endpoint.body && { body: endpoint.body }),
        response: endpoint.answer ? { 200: endpoint.answer } : { 204: z.null().describe("done") },
      },
      config: { access: endpoint.access },
      async onRequest(request, reply) {
        if (endpoint.limit) await ctx.limits.take(endpoint.limit, request.ip);
        const changes = endpoint.method !== "GET";
        if (changes && !endpoint.crossOrigin && !isOwnOrigin(ctx.config, request)) {
          throw new AppError("origin_not_allowed", "This request came from another website's page. Use the dashboard.");
        }
        request.caller = await authenticate(ctx, endpoint.access, request, reply);
      },
      async handler(request, reply) {
        const { params, query, body } = request;
        const answer = await endpoint.handle({ ...request.caller, params, query, body, request, reply } as never);
        return endpoint.answer ? answer : reply.status(204).send();
      },
    });
  };
}

declare module "fastify" {
  interface FastifyRequest {
    caller: object | undefined;
  }
  interface FastifyContextConfig {
    access?: Access;
  }
}

async function authenticate(ctx: Ctx, access: Access, request: FastifyRequest, reply: FastifyReply): Promise<object> {
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
  const website = await findWebsite(ctx.db, websiteId);
  if (!website) throw new AppError("session_expired", "This website's chat has ended.");
  if (!isAllowedOrigin(ctx, website.allowedOrigins, origin)) {
    throw new AppError(
      "origin_not_allowed",
      `The chat of ${website.name} is not allowed on ${origin ?? "pages without an origin"}. ` +
        "Its allowed origins stand in the website's settings.",
    );
  }
}

function securityOf(access: Access): Record<string, string[]>[] {
  if (access === "nobody") return [];
  return [access === "visitor" ? { visitorToken: [] } : { session: [] }];
}
