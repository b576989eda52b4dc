import { textOn } from "#protocol/colour.ts";
import { AppError } from "#protocol/errors.ts";
import type { WidgetSession, WidgetWebsite } from "#protocol/widget.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { findCurrentConversation, forVisitor } from "#server/features/conversations/feature.ts";
import { findVisitorId, isReplaced, updateConsent } from "#server/features/visitors/feature.ts";
import { requiredNoticeOf, type WebsiteRow } from "#server/features/websites/feature.ts";
import { expiredSubjectOf, verifyIdentity } from "#server/identity/visitor-identity.ts";
import { identityKeyOf, newVisitorId, type VisitorSession } from "#server/identity/visitor-token.ts";
import { carryThreadOver } from "./carry-over.ts";

/**
 * Begins or continues a session. Writes nothing: the first message creates the visitor's row and the conversation. Only
 * where the website carries threads over, what an anonymous visitor wrote becomes theirs when they log in.
 * @param p.token     of an earlier session; an expired token, or that of a logged-in visitor, begins a new session
 * @param p.identity  a JWT that names the logged-in visitor of the page. If it has expired since the page was loaded, the
 *                    visitor's own token is enough, and is not renewed
 * @param network     of the client: sessions are limited by website and address
 * @param p.notice    the privacy notice that the visitor has accepted
 * @throws AppError "identity_invalid", "consent_required" or "rate_limited"
 */
export async function openWidgetSession(
  ctx: Ctx,
  website: WebsiteRow,
  p: Request,
  network: string,
): Promise<WidgetSession> {
  const { db } = ctx.database({ websiteId: website.id });
  const opened = p.identity
    ? await openIdentified(ctx, website, p.identity, p.token)
    : { visitor: (await remember(ctx, website, p.token)) ?? anonymous(website) };
  await ctx.limits.take("session", `${website.id} ${network}`);
  const { visitor, token } = withConsent(website, opened, p.notice);
  if (visitor.consent && visitor.consent !== opened.visitor.consent) await updateConsent(db, visitor, visitor.consent);
  const current = await findCurrentConversation(db, visitor);
  return {
    token: token ?? (await ctx.visitorTokens.sign(visitor)),
    website: forWidget(website),
    agentsOnline: ctx.presence.hasAgents(website.id),
    conversation: current && forVisitor(current),
  };
}

/** The part of a website that any page may know. */
export const forWidget = ({ name, settings }: WebsiteRow): WidgetWebsite => ({
  name,
  settings,
  textColour: textOn(settings.colour),
  requiredNotice: requiredNoticeOf(settings),
});

type Request = { token?: string | undefined; identity?: string | undefined; notice?: string | undefined };
/** @param token  one that is not renewed */
type Opened = { visitor: VisitorSession; token?: string | undefined };

/**
 * The visitor with what they have accepted. An earlier token that says so already stays as it is.
 * @param accepted  the notice that the visitor accepts now, or has accepted in this browser
 * @throws AppError "consent_required" if the website asks for consent to another notice
 */
function withConsent({ name, settings }: WebsiteRow, { visitor, token }: Opened, accepted?: string): Opened {
  const noticeId = requiredNoticeOf(settings);
  if (!noticeId || visitor.consent?.noticeId === noticeId) return { visitor, token };
  if (accepted === noticeId) return { visitor: { ...visitor, consent: { noticeId, at: new Date().toISOString() } } };
  throw new AppError("consent_required", `${name} has a new privacy notice. Reload the page to read it.`);
}

async function openIdentified(ctx: Ctx, website: WebsiteRow, identity: string, token?: string): Promise<Opened> {
  try {
    const visitor = await identify(ctx, website, identity);
    const before = website.settings.carriesThreadOver ? await remember(ctx, website, token) : null;
    return { visitor: before ? await carryThreadOver(ctx, before, visitor) : visitor };
  } catch (error) {
    const visitor = await verifyToken(ctx, website, token);
    const isTheirs = visitor?.externalId && visitor.externalId === expiredSubjectOf(error as AppError);
    if (isTheirs && visitor.identityKey === identityKeyOf(website.identitySecret)) return { visitor, token };
    throw error;
  }
}

async function identify(ctx: Ctx, website: WebsiteRow, identity: string): Promise<VisitorSession> {
  const claims = await verifyIdentity(identity, website.identitySecret);
  const { db } = ctx.database({ websiteId: website.id });
  const visitorId = await findVisitorId(db, { websiteId: website.id, externalId: claims.externalId });
  return { websiteId: website.id, visitorId: visitorId ?? newVisitorId(), ...claims };
}

/**
 * The page sends no identity, so its visitor is logged out: the token of a logged-in visitor is ignored. So is that of a
 * visitor who was deleted and has written since: it begins a session of a new one.
 */
async function remember(ctx: Ctx, website: WebsiteRow, token?: string): Promise<VisitorSession | null> {
  const visitor = await verifyToken(ctx, website, token);
  if (!visitor || visitor.externalId) return null;
  return (await isReplaced(ctx.database(visitor).db, visitor)) ? null : visitor;
}

/** The visitor of a token of this website; null if it is not valid. */
async function verifyToken(ctx: Ctx, website: WebsiteRow, token?: string): Promise<VisitorSession | null> {
  const visitor = token ? await ctx.visitorTokens.verify(token).catch(() => null) : null;
  return visitor?.websiteId === website.id ? visitor : null;
}

const anonymous = (website: WebsiteRow): VisitorSession => ({
  websiteId: website.id,
  visitorId: newVisitorId(),
  externalId: null,
  name: null,
  email: null,
});
