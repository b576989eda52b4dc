import type { IncomingHttpHeaders } from "node:http";
import type { Db } from "#database/connect.ts";
import type { Config } from "#platform/config.ts";
import { AppError } from "#protocol/errors.ts";
import { findOrigins } from "./memberships.ts";

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
  // The browser keeps a dot at the end of a host that the visitor has typed; stored origins have none.
  const sent = origin.replace(/\.(?=:\d+$|$)/, "");
  if (demoUrl && origin === new URL(demoUrl).origin) return true;
  return allowedOrigins.some(allowed => {
    if (!allowed.includes("://*.")) return allowed === sent;
    const [scheme, domain] = allowed.split("://*.") as [string, string];
    return sent.startsWith(`${scheme}://`) && sent.endsWith(`.${domain}`);
  });
}

/** @throws AppError "origin_not_allowed" if the page is not one of the website's; "session_expired" if there is no website */
export async function requireAllowedOrigin(
  ctx: { directory: Db; demoUrl: string | null },
  websiteId: number,
  origin: string | undefined,
): Promise<void> {
  const website = await findOrigins(ctx.directory, websiteId);
  if (!website) throw new AppError("session_expired", "This website's chat has ended.");
  if (!isAllowedOrigin(ctx, website.allowedOrigins, origin)) {
    throw new AppError(
      "origin_not_allowed",
      `The chat of ${website.name} is not allowed on ${origin ?? "pages without an origin"}. ` +
        "Add it to the allowed origins in the website's settings.",
    );
  }
}
