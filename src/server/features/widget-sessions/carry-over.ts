import type { Ctx } from "#server/declaration/context.ts";
import { type Events, transact } from "#server/declaration/transact.ts";
import {
  type ConversationRow,
  findConversation,
  mergeVisitors,
  publishConversation,
  publishDeleted,
  relinkThreadOf,
} from "#server/features/conversations/feature.ts";
import { updateLeftEmail } from "#server/features/left-emails/feature.ts";
import { getVisitor, upsertVisitor } from "#server/features/visitors/feature.ts";
import type { VisitorSession } from "#server/identity/visitor-token.ts";
import { lockAnonymousWriter } from "./queries.ts";

/**
 * Gives what a visitor wrote before they logged in to the logged-in visitor, whose row it makes if there is none. The
 * anonymous visitor ends: their token leads to an empty chat from then on, because others may use the browser later.
 * @returns the logged-in visitor, with the id of their row
 */
export async function carryThreadOver(
  ctx: Ctx,
  anonymous: VisitorSession,
  visitor: VisitorSession,
): Promise<VisitorSession> {
  const { websiteId } = visitor;
  const { db } = ctx.database({ websiteId });
  return transact(ctx, db, async (tx, events) => {
    // In the order in which a batch of first messages locks them.
    if (!(await lockAnonymousWriter(tx, anonymous))) return visitor;
    const { name, email, emailLeftAt, pageUrl, pageTitle, userAgent, language } = await getVisitor(tx, anonymous);
    const merged = {
      ...visitor,
      name: visitor.name ?? name,
      email: visitor.email ?? (emailLeftAt ? null : email),
      consent: visitor.consent ?? anonymous.consent,
    };
    const visitorId = await upsertVisitor(tx, merged, { pageUrl, pageTitle, userAgent, language });
    if (!visitorId) return visitor; // deleted meanwhile
    // Not proven by the log-in either.
    if (email && emailLeftAt) await updateLeftEmail(tx, { websiteId, visitorId, email });
    const moved = await mergeVisitors(tx, { websiteId, from: anonymous.visitorId, to: visitorId });
    const linked = await relinkThreadOf(tx, { websiteId, visitorId });
    for (const conversationId of new Set([...moved, ...linked])) {
      const row = await findConversation(tx, { websiteId, conversationId });
      if (row) publish(ctx, events, row, moved.includes(row.id) ? anonymous : null);
    }
    for (const id of moved) {
      const target = { kind: "conversation" as const, id, name: "" };
      const record = { websiteId, target, details: { from: anonymous.visitorId } };
      events.audit(
        { visitor: { ...merged, visitorId }, source: noSource },
        { ...record, action: "conversation.carried_over" },
      );
    }
    return { ...merged, visitorId };
  });
}

/** Of a visitor the audit log keeps neither. */
const noSource = { ip: null, userAgent: null };

/** For the anonymous visitor's other tabs the conversation has ended. */
function publish(ctx: Ctx, events: Events, row: ConversationRow, before: VisitorSession | null): void {
  publishConversation(ctx, events, row);
  if (before) publishDeleted(events, { ...row, visitorId: before.visitorId });
}
