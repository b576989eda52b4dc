import { z } from "zod";
import { Uuid, WebsiteId } from "#protocol/basics.ts";
import { Assign, ConversationChanged, ConversationShown, Read } from "#protocol/conversations.ts";
import { AppError } from "#protocol/errors.ts";
import type { Ctx } from "#server/context.ts";
import { getVisitor } from "#server/features/visitors/queries.ts";
import type { DeclareEndpoint } from "#server/http/endpoint.ts";
import { assign, markRead, reopen, resolve } from "./actions.ts";
import { shownToAgents } from "./events.ts";
import { findConversation } from "./queries.ts";

const params = z.object({ websiteId: WebsiteId, conversationId: Uuid });
const path = "/websites/:websiteId/conversations/:conversationId";

export function conversationRoutes(declare: DeclareEndpoint, ctx: Ctx) {
  declare({
    method: "GET",
    path,
    summary: "A conversation and its visitor.",
    access: "agent",
    params,
    answer: ConversationShown,
    async handle({ websiteId, params }) {
      const row = await findConversation(ctx.db, { websiteId, conversationId: params.conversationId });
      if (!row) throw new AppError("not_found", "There is no such conversation here.");
      const conversation = shownToAgents(ctx, row);
      const visitor = await getVisitor(ctx.db, { websiteId, visitorId: row.visitorId });
      return { conversation, visitor: { ...visitor, online: conversation.visitor.online } };
    },
  });

  declare({
    method: "POST",
    path: `${path}/assign`,
    summary: "Give a conversation to an agent, or to nobody.",
    access: "agent",
    params,
    body: Assign,
    answer: ConversationChanged,
    async handle({ user, websiteId, params, body }) {
      const target = { websiteId, conversationId: params.conversationId };
      const row = await assign(ctx, { ...target, assigneeId: body.assigneeId, by: user });
      return { conversation: shownToAgents(ctx, row) };
    },
  });

  for (const [verb, act] of Object.entries({ resolve, reopen })) {
    declare({
      method: "POST",
      path: `${path}/${verb}`,
      summary: verb === "resolve" ? "Mark a conversation as done." : "Open a resolved conversation again.",
      access: "agent",
      params,
      answer: ConversationChanged,
      async handle({ user, websiteId, params }) {
        const row = await act(ctx, { websiteId, conversationId: params.conversationId, by: user });
        return { conversation: shownToAgents(ctx, row) };
      },
    });
  }

  declare({
    method: "POST",
    path: `${path}/read`,
    summary: "The website's agents have read up to a message.",
    access: "agent",
    params,
    body: Read,
    answer: ConversationChanged,
    async handle({ websiteId, params, body }) {
      const target = { websiteId, conversationId: params.conversationId };
      return { conversation: shownToAgents(ctx, await markRead(ctx, { ...target, seq: body.seq, side: "agent" })) };
    },
  });
}
