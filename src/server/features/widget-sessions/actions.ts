import type { WidgetSession } from "#protocol/widget.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { findCurrentConversation, forVisitor } from "#server/features/conversations/feature.ts";
import { findVisitorId } from "#server/features/visitors/feature.ts";
import type { WebsiteRow } from "#server/features/websites/feature.ts";
import { newVisitorId, type VisitorSession, verifyIdentity } from "#server/identity/visitor-token.ts";

/**
 * Begins or continues a session. Writes nothing: the first message creates the visitor's row and the conversation.
 * @param p.token     of an earlier session; an expired token, or that of a logged-in visitor, begins a new session
 * @param p.identity  a JWT that names the logged-in visitor of the page
 * @param network     of the client: sessions are limited by website and address
 * @throws AppError "identity_invalid" or "rate_limited"
 */
export async function openWidgetSession(
  ctx: Ctx,
  website: WebsiteRow,
  p: { token?: string | undefined; identity?: string | undefined },
  network: string,
): Promise<WidgetSession> {
  const { db } = ctx.database({ websiteId: website.id });
  const visitor = p.identity
    ? await identify(ctx, website, p.identity)
    : ((await remember(ctx, website, p.token)) ?? anonymous(website));
  await ctx.limits.take("session", `${website.id} ${network}`);
  const current = await findCurrentConversation(db, visitor);
  return {
    token: await ctx.visitorTokens.sign(visitor),
    website: { name: website.name, settings: website.settings },
    agentsOnline: ctx.presence.hasAgents(website.id),
    conversation: current && forVisitor(current),
  };
}

async function identify(ctx: Ctx, website: WebsiteRow, identity: string): Promise<VisitorSession> {
  const claims = await verifyIdentity(identity, website.identitySecret);
  const { db } = ctx.database({ websiteId: website.id });
  const visitorId = await findVisitorId(db, { websiteId: website.id, externalId: claims.externalId });
  return { websiteId: website.id, visitorId: visitorId ?? newVisitorId(), ...claims };
}

/** The page sends no identity, so its visitor is logged out: the token of a logged-in visitor is ignored. */
async function remember(ctx: Ctx, website: WebsiteRow, token?: string): Promise<VisitorSession | null> {
  if (!token) return null;
  const visitor = await ctx.visitorTokens.verify(token).catch(() => null);
  return visitor?.websiteId === website.id && !visitor.externalId ? visitor : null;
}

const anonymous = (website: WebsiteRow): VisitorSession => ({
  websiteId: website.id,
  visitorId: newVisitorId(),
  externalId: null,
  name: null,
  email: null,
});
