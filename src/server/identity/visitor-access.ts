import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { AppError } from "#protocol/errors.ts";
import { isAllowedOrigin } from "./origins.ts";
import { identityKeyOf, type VisitorSession } from "./visitor-token.ts";

/** What decides whether a visitor may use a website's chat. */
export type WebsiteAccess = { name: string; allowedOrigins: string[]; identitySecret: string };

export const findAccess = defineQuery(
  {
    name: "what decides whether a visitor may use a website's chat",
    indexes: ["websites_pkey"],
    buffers: 6,
    sample: ({ websiteId }) => [websiteId],
  },
  async (directory: Db, websiteId: number): Promise<WebsiteAccess | null> => {
    const row = await directory
      .selectFrom("websites")
      .select(["name", "allowed_origins as allowedOrigins", "identity_secret as identitySecret"])
      .where("id", "=", websiteId)
      .executeTakeFirst();
    return row ?? null;
  },
);

type Settings = { demoUrl: string | null };

/** @throws AppError "session_expired" if there is no website, or the token was made with an identity secret of before */
export function requireAccess(
  settings: Settings,
  website: WebsiteAccess | null,
  visitor: VisitorSession,
  origin: string | undefined,
): void {
  if (!website) throw new AppError("session_expired", "This website's chat has ended.");
  requireOrigin(settings, website, origin);
  if (visitor.externalId !== null && visitor.identityKey !== identityKeyOf(website.identitySecret)) {
    throw new AppError("session_expired", "The website has replaced its identity secret. Ask for a new session.");
  }
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
