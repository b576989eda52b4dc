import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { errorStatus } from "#protocol/errors.ts";
import { asErrorBody, retryAfterSeconds } from "#server/declaration/error-body.ts";

/** Every refused or failed request answers `{ "error": { code, message, details? } }`. */
export function answerErrors(app: FastifyInstance, log: Logger) {
  app.setErrorHandler((error, request, reply) => {
    const body = asErrorBody(error, log, `${request.method} ${request.routeOptions.url ?? "unknown route"}`);
    const seconds = retryAfterSeconds(body);
    if (seconds !== null) reply.header("retry-after", seconds);
    return reply.status(errorStatus[body.code]).send({ error: body });
  });
}
