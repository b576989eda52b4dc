import type { FastifyRequest } from "fastify";
import type { Config } from "#platform/config.ts";

/**
 * Whether a request that changes something was made by our own pages: by the Origin header, which a browser sends
 * with each of them and a page cannot change. A request without one is no browser's, and carries no stolen cookie.
 */
export function isOwnOrigin(config: Pick<Config, "publicUrl">, request: Pick<FastifyRequest, "headers">): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return request.headers["sec-fetch-site"] !== "cross-site";
  if (config.publicUrl && origin === new URL(config.publicUrl).origin) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** Whether a page may carry a website's chat. `https://*.shop.example` allows every subdomain, not the domain itself. */
export function isAllowedOrigin(
  ctx: { demoUrl: string | null },
  allowedOrigins: string[],
  origin: string | undefined,
): boolean {
  if (!origin) return false;
  if (ctx.demoUrl && origin === new URL(ctx.demoUrl).origin) return true;
  return allowedOrigins.some(allowed => {
    if (!allowed.includes("://*.")) return allowed === origin;
    const [scheme, domain] = allowed.split("://*.") as [string, string];
    return origin.startsWith(`${scheme}://`) && origin.endsWith(`.${domain}`);
  });
}
