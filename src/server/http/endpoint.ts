import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { ErrorAnswer } from "#protocol/basics.ts";
import { AppError } from "#protocol/errors.ts";
import type { Access } from "#server/declaration/access.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { isOwnOrigin, notOwnOrigin } from "#server/identity/origins.ts";
import { authenticate } from "./authenticate.ts";

/** An endpoint of the API. command-endpoints.ts makes one of each command; only the transports declare their own. */
export type Endpoint = {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** below /api/v1 */
  path: string;
  summary: string;
  /** names it in the API's description */
  operationId?: string;
  access: Access;
  crossOrigin?: true | undefined;
  params?: z.ZodType | undefined;
  /** absent: the endpoint has no query parameters */
  query?: z.ZodObject | undefined;
  body?: z.ZodType | undefined;
  /** absent: 204, no content */
  answer?: z.ZodType | undefined;
  handle(caller: object, request: FastifyRequest, reply: FastifyReply): unknown;
};

/**
 * How every endpoint works: check the origin, authenticate, validate, count, handle. The order matters: a stranger must
 * learn nothing from validation errors, and what another website's page sends must not use up the limits of an address.
 */
export function addEndpoint(app: FastifyInstance, ctx: Ctx, endpoint: Endpoint): void {
  app.route({
    method: endpoint.method,
    url: `/api/v1${endpoint.path}`,
    schema: describe(endpoint),
    async onRequest(request, reply) {
      const isChange = endpoint.method !== "GET";
      if (isChange && !endpoint.crossOrigin && !isOwnOrigin(ctx, request.headers)) {
        throw new AppError("origin_not_allowed", notOwnOrigin(ctx, request.headers));
      }
      request.caller = await authenticate(ctx, endpoint.access, request, reply);
    },
    async handler(request, reply) {
      const answer = await endpoint.handle(request.caller!, request, reply);
      return endpoint.answer ? answer : reply.status(204).send();
    },
  });
}

declare module "fastify" {
  interface FastifyRequest {
    caller: object | undefined;
  }
}

/** for validation and for OpenAPI */
const describe = ({ summary, operationId, path, access, params, query, body, answer }: Endpoint) => ({
  summary,
  ...(operationId && { operationId }),
  tags: [path.split("/")[1]!],
  security: securityOf(access),
  ...(params && { params }),
  // An unknown parameter is a mistake of the client, which would otherwise get an answer to another question.
  querystring: (query ?? z.object({})).strict(),
  ...(body && { body }),
  response: {
    ...(answer ? { 200: answer } : { 204: z.null().describe("done") }),
    "4xx": ErrorAnswer,
    "5xx": ErrorAnswer,
  },
});

function securityOf(access: Access): Record<string, string[]>[] {
  if (access === "public") return [];
  return [access === "visitor" ? { visitorToken: [] } : { session: [] }];
}
