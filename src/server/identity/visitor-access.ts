import { AppError } from "#protocol/errors.ts";
import type { WebsiteAccess } from "./memberships.ts";
import { isAllowedOrigin } from "./origins.ts";
import { identityKeyOf, type VisitorSession } from "./visitor-token.ts";

type Settings = { demoUrl: string | null };

/**
 * @returns the website
 * @throws AppError "session_expired" if there is none, or the token was made with an identity secret of before
 */
export function requireAccess(
  settings: Settings,
  website: WebsiteAccess | null,
  visitor: VisitorSession,
  origin: string | undefined,
): WebsiteAccess {
  if (!website) throw new AppError("session_expired", "This website's chat has ended.");
  requireOrigin(settings, website, origin);
  if (visitor.externalId !== null && visitor.identityKey !== identityKeyOf(website.identitySecret)) {
    throw new AppError("session_expired", "The website has replaced its identity secret. Ask for a new session.");
  }
  return website;
}

/** @throws AppError "origin_not_allowed" if the page is not one of the website's */
export function requireOrigin(
  settings: Settings,
  website: Pick<WebsiteAccess, "name" | "allowedOrigins">,
  origin: string | undefined,
): void {
  if (isAllowedOrigin(settings, website.allowedOrigins, origin)) return;
  throw new AppError(
    "origin_not_allowed",
    `The chat of ${website.name} is not allowed on ${origin ?? "pages without an origin"}. ` +
      "Add it to the allowed origins in the website's settings.",
  );
}
