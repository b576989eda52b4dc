import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Rule } from "#platform/rate-limits.ts";
import { ErrorAnswer } from "#protocol/basics.ts";
import { AppError } from "#protocol/errors.ts";
import type { Ctx } from "#server/context.ts";
import { type Access, authenticate, type Caller } from "./access.ts";
import { isOwnOrigin } from "./origins.ts";

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
        response: {
          ...(endpoint.answer ? { 200: endpoint.answer } : { 204: z.null().describe("done") }),
          "4xx": ErrorAnswer,
          "5xx": ErrorAnswer,
        },
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

function securityOf(access: Access): Record<string, string[]>[] {
  if (access === "nobody") return [];
  return [access === "visitor" ? { visitorToken: [] } : { session: [] }];
}
