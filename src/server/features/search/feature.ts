import { z } from "zod";
import { queriesOf } from "#database/query-plans/define-query.ts";
import { isTimeZone } from "#platform/time-zone.ts";
import { WebsiteId } from "#protocol/basics.ts";
import { limits } from "#protocol/limits.ts";
import { SearchPage } from "#protocol/search.ts";
import { defineCommand } from "#server/declaration/command.ts";
import type { Feature } from "#server/declaration/feature.ts";
import * as queries from "./queries.ts";
import { search } from "./search.ts";

const find = defineCommand({
  name: "search.find",
  summary: "A page of the messages with some words, the newest first: docs/search.md.",
  access: "agent",
  limit: "search",
  http: { method: "GET", path: "/websites/:websiteId/search" },
  params: z.object({
    websiteId: WebsiteId,
    q: z
      .string()
      .max(limits.searchLength, `a search has at most ${limits.searchLength} characters`)
      .describe("words, phrases in quotes, and filters: from, tag, is, assignee, before, after"),
    timeZone: z.string().max(60).refine(isTimeZone, "no time zone, such as Europe/Berlin").default("UTC"),
    cursor: z.string().max(100).optional(),
  }),
  example: { q: "refund" },
  answer: SearchPage,
  handle: (_ctx, { db, user, params: { websiteId, q: text, timeZone, cursor = null } }) =>
    search(db, { websiteId, userId: user.id, text, timeZone, cursor }),
});

export const searchFeature: Feature = {
  commands: [find],
  queries: queriesOf(queries),
};
