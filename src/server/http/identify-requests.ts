import type { FastifyInstance } from "fastify";
import { inRequest } from "#platform/requests/request-context.ts";

/**
 * Each request has an id, which its lines of the log, its slow queries and the header x-request-id have. A number that the
 * client sends is not taken: it would write into our log.
 */
export function identifyRequests(app: FastifyInstance): void {
  app.addHook("onRequest", ({ id }, reply, done) => {
    reply.header("x-request-id", id);
    inRequest(id, done);
  });
  // Again, because the events of a body come from the socket, which belongs to no request.
  app.addHook("preValidation", ({ id }, _reply, done) => inRequest(id, done));
}
