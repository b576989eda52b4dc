import type { FastifyInstance } from "fastify";
import { type Client, createClientReader, forwardedUnexpectedly, proxyHeaders } from "#platform/client-address.ts";
import type { Ctx } from "#server/declaration/context.ts";

declare module "fastify" {
  interface FastifyRequest {
    client: Client;
  }
}

/**
 * Sets `request.client`. Tells once if a proxy passes requests on and TRUST_PROXY says nothing about it.
 * @returns what it has told; null: nothing
 */
export function recognizeClients(app: FastifyInstance, { config, log }: Pick<Ctx, "config" | "log">) {
  const clientOf = createClientReader(config.trustProxy);
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
