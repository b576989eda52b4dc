import compress from "@fastify/compress";
import helmet from "@fastify/helmet";
import Fastify, { type FastifyInstance, type FastifyReply, LogController } from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import { logOf } from "#platform/log.ts";
import { newRequestId } from "#platform/requests/request-context.ts";
import { AppError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { asErrorBody } from "#server/declaration/error-body.ts";
import { commands } from "#server/features/features.ts";
import type { Connections } from "#server/realtime/sessions/connections.ts";
import { addCommandEndpoints } from "./command-endpoints.ts";
import { answerErrors } from "./errors.ts";
import { healthRoutes } from "./health-routes.ts";
import { identifyRequests } from "./identify-requests.ts";
import { listRoutes, refuseOtherMethods } from "./methods.ts";
import { metricsRoute } from "./metrics-route.ts";
import { describeApi } from "./openapi.ts";
import { addPollEndpoints } from "./poll-routes.ts";
import { privacyPage } from "./privacy-page.ts";
import { recognizeClients } from "./recognize-clients.ts";
import { serveScreens } from "./static-files.ts";

const hstsSeconds = 365 * 86_400;

/** Shorter answers are sent as they are. */
const minCompressedBytes = 4_096;

/** Everything that is served over HTTP: the API, its description, health, and the files of dashboard and widget. */
export async function createHttp(ctx: Ctx, connections: Connections): Promise<FastifyInstance> {
  const log = logOf(ctx.log, "http", ctx.config);
  const app = Fastify({
    bodyLimit: limits.frameBytes,
    loggerInstance: log,
    genReqId: newRequestId,
    // Requests are not logged: the addresses of invitations are secrets.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "request" }),
    forceCloseConnections: true,
    // A malformed address reaches no route, and so not the error handler either.
    frameworkErrors(error, _request, reply) {
      (reply as FastifyReply).status(400).send({ error: asErrorBody(error, log, "unreadable address") });
    },
  }) as unknown as FastifyInstance;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  identifyRequests(app, ctx.tracing);
  answerErrors(app, log);
  const proxy = recognizeClients(app, ctx);

  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    // On plain HTTP it would make the server unreachable. The other names of the domain are not ours to decide about.
    strictTransportSecurity: ctx.url.startsWith("https:") && { maxAge: hstsSeconds, includeSubDomains: false },
  });
  // Answers are for one reader. The files of the screens say themselves how long they are kept.
  app.addHook("onRequest", async (_request, reply) => void reply.header("cache-control", "no-store"));
  await app.register(compress, { encodings: ["gzip"], threshold: minCompressedBytes });
  allowPages(app);
  await describeApi(app, commands, ctx.auth.cookieName);

  const routes = listRoutes(app);
  metricsRoute(app, ctx);
  addCommandEndpoints(app, ctx, commands);
  addPollEndpoints(app, ctx, connections);
  healthRoutes(app, ctx, proxy);
  privacyPage(app, ctx);
  app.get("/api/openapi.json", { schema: { hide: true } }, () => app.swagger());
  refuseOtherMethods(app, routes);
  app.all("/api/*", { schema: { hide: true } }, request => {
    throw new AppError("not_found", `There is no ${request.method} ${request.url.split("?")[0]}.`);
  });
  await serveScreens(app);
  return app;
}

const calledFromPages = ["/api/v1/widget/", "/api/v1/poll/"];

/**
 * Lets the pages of other websites read the widget's answers (CORS). That alone allows nothing: the endpoints refuse pages
 * that are not the website's, and use no cookies.
 */
function allowPages(app: FastifyInstance) {
  app.addHook("onRequest", async (request, reply) => {
    const { origin } = request.headers;
    if (!origin || !calledFromPages.some(path => request.url.startsWith(path))) return;
    reply.headers({
      "access-control-allow-origin": origin,
      vary: "origin",
      "cross-origin-resource-policy": "cross-origin",
    });
    if (request.method !== "OPTIONS") return;
    return reply
      .headers({
        "access-control-allow-methods": "GET, POST",
        "access-control-allow-headers": "authorization, content-type",
        "access-control-max-age": "600",
      })
      .status(204)
      .send();
  });
}
