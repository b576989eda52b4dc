import { z } from "zod";
import { queriesOf } from "#database/query-plans/define-query.ts";
import { WebsiteId } from "#protocol/basics.ts";
import { HoldLifted, HoldList, HoldPlaced } from "#protocol/holds.ts";
import { defineCommand } from "#server/declaration/command.ts";
import type { Feature } from "#server/declaration/feature.ts";
import { liftHold, placeHold } from "./actions.ts";
import * as queries from "./queries.ts";
import { listHolds } from "./queries.ts";

const website = z.object({ websiteId: WebsiteId });
const path = "/websites/:websiteId/holds";
const exampleId = "019ad0d4-2f30-7000-8000-000000000000";

const place = defineCommand({
  name: "hold.place",
  summary: "Keep a conversation, or a visitor with all conversations: nothing deletes it until the hold is lifted.",
  access: "admin",
  audit: ["hold.placed"],
  http: { method: "POST", path },
  params: website.extend(HoldPlaced.shape),
  example: { targetKind: "conversation", targetId: exampleId, reason: "Case 12/2026" },
  handle: (ctx, { db, params, ...by }) => placeHold(ctx, by, { db, ...params }),
});

const lift = defineCommand({
  name: "hold.lift",
  summary: "Lift a legal hold. What is due for deletion goes with the next run of the retention.",
  access: "admin",
  audit: ["hold.lifted"],
  http: { method: "DELETE", path },
  params: website.extend(HoldLifted.shape),
  example: { targetId: exampleId, reason: "The case is closed" },
  handle: (ctx, { db, params, ...by }) => liftHold(ctx, by, { db, ...params }),
});

const list = defineCommand({
  name: "hold.list",
  summary: "The legal holds of a website, the last one first.",
  access: "agent",
  http: { method: "GET", path },
  params: website,
  answer: HoldList,
  handle: async (_ctx, { db, websiteId }) => ({
    holds: (await listHolds(db, websiteId)).map(({ placedBy, placedByName, placedAt, ...hold }) => ({
      ...hold,
      placedBy: placedBy ? { id: placedBy, name: placedByName ?? "" } : null,
      placedAt: placedAt.toISOString(),
    })),
  }),
});

export const holds: Feature = { commands: [place, lift, list], queries: queriesOf(queries) };
