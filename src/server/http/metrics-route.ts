import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Registry } from "prom-client";
import { proxyHeaders } from "#platform/client-address.ts";
import type { Config } from "#platform/config.ts";
import { AppError } from "#protocol/errors.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { isLoopback } from "#server/identity/origins.ts";

/** `GET /metrics` for Prometheus, and the time of every request. */
export function metricsRoute(app: FastifyInstance, { config, metrics }: Ctx) {
  app.addHook("onResponse", (request, reply, done) => {
    const { method, routeOptions } = request;
    const route = routeOptions.url ?? "none";
    metrics.requestSeconds.labels(method, route, String(reply.statusCode)).observe(reply.elapsedTime / 1000);
    done();
  });
  app.get("/metrics", { schema: { hide: true } }, async (request, reply) => {
    refuseStrangers(config, request);
    return reply.type(Registry.PROMETHEUS_CONTENT_TYPE).send(await metrics.text());
  });
}

/**
 * Metrics are not public. With METRICS_TOKEN its bearers may read them; without it only this machine may. A request that
 * came through a proxy is refused then: all proxied requests seem to come from this machine.
 */
function refuseStrangers({ metricsToken, publicUrl, trustProxy }: Config, { headers, raw }: FastifyRequest) {
  if (metricsToken !== null) {
    if (isSame(headers.authorization ?? "", `Bearer ${metricsToken}`)) return;
    throw new AppError("wrong_credentials", "Metrics are read with METRICS_TOKEN: Authorization: Bearer …");
  }
  const isProxied = publicUrl !== null || Boolean(trustProxy) || proxyHeaders.some(name => headers[name] !== undefined);
  const isLocal = isLoopback(raw.socket.remoteAddress ?? "") && isLoopback(hostOf(headers.host));
  if (isProxied || !isLocal) {
    throw new AppError("forbidden", "Set METRICS_TOKEN to read metrics through a proxy or from another machine.");
  }
}

/** Refuses other host names: a page may point its own name at this machine (DNS rebinding). */
const hostOf = (host = "") => host.replace(/:\d+$/, "");

/** Takes the same time wherever the texts differ. */
function isSame(given: string, wanted: string): boolean {
  const [a, b] = [given, wanted].map(text => createHash("sha256").update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(a, b);
}
