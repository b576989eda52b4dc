import type { FastifyInstance } from "fastify";
import { type Client, createClientReader, forwardedUnexpectedly, proxyHeaders } from "#platform/client-address.ts";
import type { Ctx } from "#server/declaration/context.ts";

declare module "fastify" {
  interface FastifyRequest {
    client: Client;
  }
}

/**
 * Sets `request.client`. Warns once if a proxy passes requests on and TRUST_PROXY is not set.
 * @returns the warning; null: none
 */
export function recognizeClients(app: FastifyInstance, { config, log }: Pick<Ctx, "config" | "log">) {
  const clientOf = createClientReader(config);
  let problem: string | null = null;

  app.addHook("onRequest", async request => {
    request.client = clientOf(request.raw);
    if (problem !== null || config.trustProxy !== null) return;
    const header = proxyHeaders.find(name => request.headers[name] !== undefined);
    if (!header) return;
    problem = forwardedUnexpectedly(header);
    log.warn(problem);
  });
  return { problem: () => problem };
}
