import { z } from "zod";
import type { Db } from "#database/connect.ts";
import { queriesOf } from "#database/query-plans/define-query.ts";
import { Uuid, WebsiteId } from "#protocol/basics.ts";
import { Page } from "#protocol/visitors.ts";
import { defineSocketCommand } from "#server/declaration/command.ts";
import type { Feature } from "#server/declaration/feature.ts";
import type { VisitorSession } from "#server/identity/visitor-token.ts";
import * as queries from "./queries.ts";
import {
  findVisitorId,
  getVisitor,
  isReplaced,
  lockVisitor,
  markReplaced,
  updateConsent,
  updateLastSeen,
  upsertVisitor,
} from "./queries.ts";
import { upsertVisitors, type VisitorFacts } from "./upsert.ts";

const moveTo = defineSocketCommand({
  name: "page.view",
  summary: "The visitor has opened another page of the website.",
  access: "visitor",
  params: Page,
  example: { url: "https://shop.example/", title: "Shop" },
  handle: (_ctx, { connection, params }) => connection.moveTo(params),
});

const watch = defineSocketCommand({
  name: "visitor.watch",
  summary: "Get the pages that one visitor opens, while their conversation is shown; null: of none.",
  access: "agent",
  params: z.object({ websiteId: WebsiteId, visitorId: Uuid.nullable() }),
  example: { visitorId: null },
  handle: (_ctx, { connection, params }) => connection.watchVisitor(params.websiteId, params.visitorId),
});

export const visitors: Feature = {
  commands: [moveTo, watch],
  queries: queriesOf(queries),
};

/** The visitor with the id of their row: a logged-in visitor may have got it on another device after this token was signed. */
export async function resolveVisitor(db: Db, visitor: VisitorSession): Promise<VisitorSession> {
  if (!visitor.externalId) return visitor;
  const visitorId = await findVisitorId(db, { websiteId: visitor.websiteId, externalId: visitor.externalId });
  return visitorId ? { ...visitor, visitorId } : visitor;
}

export type { VisitorFacts };
export {
  findVisitorId,
  getVisitor,
  isReplaced,
  lockVisitor,
  markReplaced,
  updateConsent,
  updateLastSeen,
  upsertVisitor,
  upsertVisitors,
};
