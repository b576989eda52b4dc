import type { z } from "zod";
import { AppError } from "#protocol/errors.ts";
import { type HelloFrame, type Page, VisitorFrame } from "#protocol/frames.ts";
import type { VisitorWelcome } from "#protocol/requests.ts";
import { allowOrigin } from "#server/core/access.ts";
import type { Ctx } from "#server/core/context.ts";
import { markRead } from "#server/features/conversations/actions.ts";
import { findConversation, findCurrentConversation } from "#server/features/conversations/queries.ts";
import { forVisitor } from "#server/features/conversations/row.ts";
import { sendAsVisitor } from "#server/features/messages/actions.ts";
import { touchVisitor } from "#server/features/visitors/queries.ts";
import { settleVisitor } from "#server/features/widget/session.ts";
import { type Line, parseFrame, type Served } from "./line.ts";

type Hello = Extract<z.infer<typeof HelloFrame>["params"], { as: "visitor" }>;

/**
 * Serves a visitor: events of their own conversations and nothing else.
 * @throws AppError "session_expired" or "origin_not_allowed"
 */
export async function serveVisitor(ctx: Ctx, line: Line, hello: Hello): Promise<Served> {
  const { origin, "user-agent": userAgent } = line.request.headers;
  const token = await ctx.visitorTokens.verify(hello.token);
  await allowOrigin(ctx, token.websiteId, origin);
  const { websiteId } = token;
  let visitor = await settleVisitor(ctx, token);
  let page: Page = hello.page;
  let leavePresence = ctx.presence.enterVisitor(websiteId, visitor.visitorId, page);
  let unsubscribe = ctx.bus.subscribe(`visitor:${websiteId}:${visitor.visitorId}`, line.send);

  const facts = () => ({
    pageUrl: page.url,
    pageTitle: page.title,
    userAgent: userAgent?.slice(0, 500) ?? null,
    language: hello.language,
  });

  const welcome = async (): Promise<VisitorWelcome> => {
    const current = await findCurrentConversation(ctx.db, visitor);
    return { agentsOnline: ctx.presence.hasAgents(websiteId), conversation: current && forVisitor(current) };
  };

  /** A logged-in visitor may have become somebody known on another device. */
  async function settle() {
    const settled = await settleVisitor(ctx, visitor);
    if (settled.visitorId === visitor.visitorId) return;
    leave();
    visitor = settled;
    leavePresence = ctx.presence.enterVisitor(websiteId, visitor.visitorId, page);
    unsubscribe = ctx.bus.subscribe(`visitor:${websiteId}:${visitor.visitorId}`, line.send);
  }

  function leave() {
    unsubscribe();
    leavePresence();
  }

  async function onFrame(frame: unknown): Promise<unknown> {
    const { command, params } = parseFrame(VisitorFrame, frame);
    switch (command) {
      case "message.send": {
        await settle();
        await ctx.limits.take("visitorSend", visitor.visitorId);
        const sent = await sendAsVisitor(ctx, visitor, { ...params, facts: facts() });
        await settle();
        return sent;
      }
      case "conversation.read": {
        const row = await markRead(ctx, { ...params, websiteId, side: "visitor", visitorId: visitor.visitorId });
        return { conversation: forVisitor(row) };
      }
      case "conversation.typing": {
        const { conversationId, typing } = params;
        const row = await findConversation(ctx.db, { websiteId, conversationId });
        if (row?.visitorId !== visitor.visitorId)
          throw new AppError("not_found", "There is no such conversation here.");
        ctx.bus.publish(`website:${websiteId}`, {
          event: "conversation.typing",
          data: { websiteId, conversationId, author: "visitor", authorId: null, name: row.visitorName, typing },
        });
        return null;
      }
      case "page.view":
        page = params;
        ctx.presence.movePage(websiteId, visitor.visitorId, page);
        await touchVisitor(ctx.db, visitor, facts());
        return null;
    }
  }

  async function beat() {
    await settle();
    line.send({ event: "heartbeat", data: await welcome() });
  }

  await touchVisitor(ctx.db, visitor, facts());
  return { answer: await welcome(), onFrame, beat, leave: () => leave() };
}
