import type { IncomingHttpHeaders } from "node:http";
import type { Config } from "#platform/config.ts";

/**
 * True if a request that changes something comes from our own pages. A browser sends the Origin header with each such
 * request, and a page cannot change it. A request without the header does not come from a browser: no other website's page
 * can have sent it with an agent's cookie.
 */
export function isOwnOrigin(config: Pick<Config, "publicUrl">, headers: IncomingHttpHeaders): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return headers["sec-fetch-site"] !== "cross-site";
  if (config.publicUrl && origin === new URL(config.publicUrl).origin) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** True if pages of the origin may show a website's chat. `https://*.shop.example` allows subdomains, not the domain itself. */
export function isAllowedOrigin(
  { demoUrl }: { demoUrl: string | null },
  allowedOrigins: string[],
  origin: string | undefined,
): boolean {
  if (!origin) return false;
  if (demoUrl && origin === new URL(demoUrl).origin) return true;
  return allowedOrigins.some(allowed => {
    if (!allowed.includes("://*.")) return allowed === origin;
    const [scheme, domain] = allowed.split("://*.") as [string, string];
    return origin.startsWith(`${scheme}://`) && origin.endsWith(`.${domain}`);
  });
}
