import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { Uuid } from "#protocol/basics.ts";
import { Read, VisitorConversation } from "#protocol/conversations.ts";
import { AppError } from "#protocol/errors.ts";
import { MessagesQuery, VisitorPage, VisitorSend, VisitorSent } from "#protocol/messages.ts";
import { WidgetSession, WidgetSessionRequest, WidgetWebsite } from "#protocol/widget.ts";
import type { Ctx } from "#server/context.ts";
import { markRead } from "#server/features/conversations/actions.ts";
import { findConversation } from "#server/features/conversations/queries.ts";
import { forVisitor } from "#server/features/conversations/row.ts";
import { sendAsVisitor } from "#server/features/messages/actions.ts";
import { listMessages } from "#server/features/messages/queries.ts";
import { findWebsiteByKey } from "#server/features/websites/queries.ts";
import { allowOrigin } from "#server/http/access.ts";
import type { DeclareEndpoint } from "#server/http/endpoint.ts";
import type { VisitorFacts } from "./queries.ts";
import { openWidgetSession, settleVisitor } from "./widget-session.ts";

const websiteCacheSeconds = 300;
const params = z.object({ conversationId: Uuid });

export function widgetRoutes(declare: DeclareEndpoint, ctx: Ctx) {
  async function getAllowedWebsite(publicKey: string, request: FastifyRequest) {
    const website = await findWebsiteByKey(ctx.db, publicKey);
    if (!website) throw new AppError("not_found", `There is no website with the key "${publicKey}".`);
    await allowOrigin(ctx, website.id, request.headers.origin);
    return website;
  }

  declare({
    method: "GET",
    path: "/widget/websites/:publicKey",
    summary: "What a page may know of a website's chat.",
    access: "nobody",
    crossOrigin: true,
    params: z.object({ publicKey: z.string().max(100) }),
    answer: WidgetWebsite,
    async handle({ params, request, reply }) {
      const { name, settings } = await getAllowedWebsite(params.publicKey, request);
      reply.header("cache-control", `public, max-age=${websiteCacheSeconds}`);
      return { name, settings };
    },
  });

  declare({
    method: "POST",
    path: "/widget/session",
    summary: "Begin or take up a visit; writes nothing.",
    access: "nobody",
    crossOrigin: true,
    limit: "session",
    body: WidgetSessionRequest,
    answer: WidgetSession,
    async handle({ body, request }) {
      const website = await getAllowedWebsite(body.websiteKey, request);
      return openWidgetSession(ctx, website, body);
    },
  });

  declare({
    method: "GET",
    path: "/widget/conversations/:conversationId/messages",
    summary: "A page of the visitor's messages, oldest first.",
    access: "visitor",
    crossOrigin: true,
    params,
    query: MessagesQuery,
    answer: VisitorPage,
    async handle({ visitor, params, query }) {
      const { websiteId, visitorId } = await settleVisitor(ctx, visitor);
      const target = { websiteId, conversationId: params.conversationId };
      const row = await findConversation(ctx.db, target);
      if (row?.visitorId !== visitorId) throw new AppError("not_found", "There is no such conversation here.");
      const page = await listMessages(ctx.db, { ...target, ...query, publicOnly: true });
      return { ...page, conversation: forVisitor(row) };
    },
  });

  declare({
    method: "POST",
    path: "/widget/messages",
    summary: "Send a message; the first one begins the conversation. Sending again with the same id returns the same.",
    access: "visitor",
    crossOrigin: true,
    body: VisitorSend,
    answer: VisitorSent,
    async handle({ visitor, body, request }) {
      const settled = await settleVisitor(ctx, visitor);
      await ctx.limits.take("visitorSend", settled.visitorId);
      return sendAsVisitor(ctx, settled, { ...body, facts: factsOf(request) });
    },
  });

  declare({
    method: "POST",
    path: "/widget/conversations/:conversationId/read",
    summary: "The visitor has read up to a message.",
    access: "visitor",
    crossOrigin: true,
    params,
    body: Read,
    answer: z.object({ conversation: VisitorConversation }),
    async handle({ visitor, params, body }) {
      const { websiteId, visitorId } = await settleVisitor(ctx, visitor);
      const target = { websiteId, conversationId: params.conversationId };
      return { conversation: forVisitor(await markRead(ctx, { ...target, ...body, side: "visitor", visitorId })) };
    },
  });
}

const factsOf = ({ headers }: FastifyRequest): VisitorFacts => ({
  pageUrl: headers.referer?.slice(0, 2000) ?? null,
  pageTitle: null,
  userAgent: headers["user-agent"]?.slice(0, 500) ?? null,
  language: headers["accept-language"]?.split(",")[0]?.slice(0, 35) ?? null,
});
