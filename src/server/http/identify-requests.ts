import type { FastifyInstance, FastifyRequest } from "fastify";
import { inRequest, inSpan, type Span, type Tracing } from "#platform/requests/request-context.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** null: the request is not traced */
    span: Span | null;
  }
}

/**
 * Each request has an id, which its lines of the log, its slow queries and the header x-request-id have, and with tracing a
 * span. A number that the client sends is not taken: it would write into our log.
 */
export function identifyRequests(app: FastifyInstance, tracing: Tracing | null): void {
  app.decorateRequest("span", null);
  app.addHook("onRequest", (request, reply, done) => {
    reply.header("x-request-id", request.id);
    if (tracing) request.span = startSpan(tracing, request);
    enter(request, done);
  });
  // Again, because the events of a body come from the socket, which belongs to no request.
  app.addHook("preValidation", (request, _reply, done) => enter(request, done));
  app.addHook("onResponse", ({ span }, { statusCode }, done) => {
    span?.end(statusCode >= 500, { "http.response.status_code": statusCode });
    done();
  });
}

const enter = ({ id, span }: FastifyRequest, done: () => void) => inRequest(id, () => inSpan(span, done));

/** Named by the route: an address may have people's words. */
function startSpan(tracing: Tracing, { id, method, routeOptions }: FastifyRequest): Span {
  const route = routeOptions.url ?? "none";
  const attributes = { "http.request.method": method, "http.route": route, "prochat.request_id": id };
  return tracing.start(`${method} ${route}`, "server", attributes);
}
