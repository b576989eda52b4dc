import type { IncomingHttpHeaders } from "node:http";
import type { Db } from "#database/connect.ts";
import type { Config } from "#platform/config.ts";
import { AppError } from "#protocol/errors.ts";
import { findPages } from "./memberships.ts";

/**
 * Whether a request that changes something was made by our own pages: by the Origin header, which a browser sends
 * with each of them and a page cannot change. A request without one is not a browser's, and carries no stolen cookie.
 */
export function isOwnOrigin(config: Pick<Config, "publicUrl">, headers: IncomingHttpHeaders): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return headers["sec-fetch-site"] !== "cross-site";
  if (config.publicUrl && origin === new URL(config.publicUrl).origin) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** Whether a page may carry a website's chat. `https://*.shop.example` allows every subdomain, not the domain itself. */
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

/** @throws AppError "origin_not_allowed" when the page is not one of the website's; "session_expired" without website */
export async function requireAllowedOrigin(
  ctx: { directory: Db; demoUrl: string | null },
  websiteId: number,
  origin: string | undefined,
): Promise<void> {
  const website = await findPages(ctx.directory, websiteId);
  if (!website) throw new AppError("session_expired", "This website's chat has ended.");
  if (!isAllowedOrigin(ctx, website.allowedOrigins, origin)) {
    throw new AppError(
      "origin_not_allowed",
      `The chat of ${website.name} is not allowed on ${origin ?? "pages without an origin"}. ` +
        "Its allowed origins stand in the website's settings.",
    );
  }
}
