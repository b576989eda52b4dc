import { z } from "zod";
import { queriesOf } from "#database/query-plans/define-query.ts";
import { AppError } from "#protocol/errors.ts";
import { WidgetSession, WidgetSessionRequest, WidgetWebsite } from "#protocol/widget.ts";
import { defineHttpCommand, type HttpRequest } from "#server/declaration/command.ts";
import type { Ctx } from "#server/declaration/context.ts";
import type { Feature } from "#server/declaration/feature.ts";
import { findWebsiteByKey } from "#server/features/websites/feature.ts";
import { requireOrigin } from "#server/identity/visitor-access.ts";
import { forWidget, openWidgetSession } from "./actions.ts";
import * as queries from "./queries.ts";

const websiteCacheSeconds = 300;

async function getAllowedWebsite(ctx: Ctx, publicKey: string, { headers }: HttpRequest) {
  const website = await findWebsiteByKey(ctx.directory, publicKey);
  if (!website)
    throw new AppError(
      "not_found",
      `There is no website with the key "${publicKey}". Copy the snippet from its settings.`,
    );
  requireOrigin(ctx, website, headers.get("origin") ?? undefined);
  return website;
}

const showWebsite = defineHttpCommand({
  name: "widget.website",
  summary: "The name and the settings of a website, for any page that may show its chat.",
  access: "public",
  http: { method: "GET", path: "/widget/websites/:publicKey", crossOrigin: true },
  params: z.object({ publicKey: z.string().max(100) }),
  answer: WidgetWebsite,
  async handle(ctx, { params, request }) {
    const website = await getAllowedWebsite(ctx, params.publicKey, request);
    request.setHeader("cache-control", `public, max-age=${websiteCacheSeconds}`);
    return forWidget(website);
  },
});

const openSession = defineHttpCommand({
  name: "widget.session",
  summary: "Begin or continue a visitor's session; writes nothing but what is carried over at a log-in.",
  access: "public",
  audit: ["conversation.carried_over"],
  http: { method: "POST", path: "/widget/session", crossOrigin: true },
  params: WidgetSessionRequest,
  example: { websiteKey: "the key in the snippet" },
  answer: WidgetSession,
  async handle(ctx, { params, request }) {
    const website = await getAllowedWebsite(ctx, params.websiteKey, request);
    return openWidgetSession(ctx, website, params, request.network);
  },
});

export const widgetSessions: Feature = { commands: [showWebsite, openSession], queries: queriesOf(queries) };
