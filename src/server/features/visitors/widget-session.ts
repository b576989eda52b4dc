import type { WidgetSession } from "#protocol/widget.ts";
import type { Ctx } from "#server/context.ts";
import { findCurrentConversation } from "#server/features/conversations/queries.ts";
import { forVisitor } from "#server/features/conversations/row.ts";
import type { WebsiteRow } from "#server/features/websites/queries.ts";
import { newVisitorId, type VisitorSession, verifyIdentity } from "#server/identity/visitor-token.ts";
import { findVisitorId } from "./queries.ts";

/**
 * Begins or takes up a visit. Writes nothing: a visitor's row and their conversation begin with the first message.
 * @param p.token     of an earlier visit; one that is expired, or of somebody logged in, begins a new visit
 * @param p.identity  who the page says is logged in; @throws AppError "identity_invalid"
 */
export async function openWidgetSession(
  ctx: Ctx,
  website: WebsiteRow,
  p: { token?: string | undefined; identity?: string | undefined },
): Promise<WidgetSession> {
  const visitor = p.identity
    ? await identified(ctx, website, p.identity)
    : ((await remembered(ctx, website, p.token)) ?? anonymous(website));
  const current = await findCurrentConversation(ctx.db, visitor);
  return {
    token: await ctx.visitorTokens.sign(visitor),
    website: { name: website.name, settings: website.settings },
    agentsOnline: ctx.presence.hasAgents(website.id),
    conversation: current && forVisitor(current),
  };
}

async function identified(ctx: Ctx, website: WebsiteRow, identity: string): Promise<VisitorSession> {
  const who = await verifyIdentity(identity, website.identitySecret);
  const known = await findVisitorId(ctx.db, { websiteId: website.id, externalId: who.externalId });
  return { websiteId: website.id, visitorId: known ?? newVisitorId(), ...who };
}

/** Without an identity nobody is logged in any more: the token of somebody who was does not count. */
async function remembered(ctx: Ctx, website: WebsiteRow, token?: string): Promise<VisitorSession | null> {
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

/** The row's id of a visitor: a logged-in one may have got theirs on another device after this token was signed. */
export async function settleVisitor(ctx: Ctx, visitor: VisitorSession): Promise<VisitorSession> {
  if (!visitor.externalId) return visitor;
  const known = await findVisitorId(ctx.db, { websiteId: visitor.websiteId, externalId: visitor.externalId });
  return known ? { ...visitor, visitorId: known } : visitor;
}
