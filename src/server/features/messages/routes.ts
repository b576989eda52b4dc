import { z } from "zod";
import { Uuid, WebsiteId } from "#protocol/basics.ts";
import { AppError } from "#protocol/errors.ts";
import { AgentPage, AgentSend, AgentSent, MessagesQuery } from "#protocol/messages.ts";
import type { Ctx } from "#server/context.ts";
import { shownToAgents } from "#server/features/conversations/events.ts";
import { findConversation } from "#server/features/conversations/queries.ts";
import type { DeclareEndpoint } from "#server/http/endpoint.ts";
import { sendAsAgent } from "./actions.ts";
import { listMessages } from "./queries.ts";

const params = z.object({ websiteId: WebsiteId, conversationId: Uuid });
const path = "/websites/:websiteId/conversations/:conversationId/messages";

export function messageRoutes(declare: DeclareEndpoint, ctx: Ctx) {
  declare({
    method: "GET",
    path,
    summary: "A page of a conversation's messages, oldest first.",
    access: "agent",
    params,
    query: MessagesQuery,
    answer: AgentPage,
    async handle({ websiteId, params, query }) {
      const target = { websiteId, conversationId: params.conversationId };
      const row = await findConversation(ctx.db, target);
      if (!row) throw new AppError("not_found", "There is no such conversation here.");
      const page = await listMessages(ctx.db, { ...target, ...query, publicOnly: false });
      return { ...page, conversation: shownToAgents(ctx, row) };
    },
  });

  declare({
    method: "POST",
    path,
    summary: "Send a message or a note. Sending again with the same id returns the same message.",
    access: "agent",
    params,
    body: AgentSend,
    answer: AgentSent,
    async handle({ user, websiteId, params, body }) {
      await ctx.limits.take("agentSend", user.id);
      return sendAsAgent(ctx, user, { websiteId, conversationId: params.conversationId, ...body });
    },
  });
}
