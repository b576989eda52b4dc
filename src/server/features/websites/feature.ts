import { z } from "zod";
import { queriesOf } from "#database/query-plans/define-query.ts";
import { WebsiteId } from "#protocol/basics.ts";
import { AppError } from "#protocol/errors.ts";
import { IdentitySecret, Website, WebsiteChange, WebsiteCreate } from "#protocol/websites.ts";
import { defineCommand } from "#server/declaration/command.ts";
import type { Ctx } from "#server/declaration/context.ts";
import type { Feature } from "#server/declaration/feature.ts";
import { createWebsite, newIdentitySecret } from "./actions.ts";
import * as queries from "./queries.ts";
import { findWebsite, findWebsiteByKey, listWebsites, updateWebsite, type WebsiteRow } from "./queries.ts";

const website = z.object({ websiteId: WebsiteId });
const path = "/websites/:websiteId";

const create = defineCommand({
  name: "website.create",
  summary: "Add a website; its creator owns it. For owners of another one.",
  access: "user",
  http: { method: "POST", path: "/websites" },
  params: WebsiteCreate,
  example: { name: "Shop", allowedOrigins: ["https://shop.example"] },
  answer: Website,
  async handle(ctx, { user, params }) {
    const mine = await listWebsites(ctx.directory, user.id);
    if (!mine.some(website => website.role === "owner")) {
      throw new AppError("forbidden", "Only an owner of a website may add another one.");
    }
    const id = await ctx.directory.transaction().execute(tx => createWebsite(tx, { ...params, ownerId: user.id }));
    ctx.bus.publish(`user:${user.id}`, "memberships");
    return showWebsite(ctx, user.id, id);
  },
});

const show = defineCommand({
  name: "website.show",
  summary: "A website, as one of its agents sees it.",
  access: "agent",
  http: { method: "GET", path },
  params: website,
  answer: Website,
  handle: (ctx, { user, websiteId }) => showWebsite(ctx, user.id, websiteId),
});

const change = defineCommand({
  name: "website.change",
  summary: "Change a website's name, allowed origins or settings.",
  access: "admin",
  http: { method: "PATCH", path },
  params: website.extend(WebsiteChange.shape),
  example: { name: "Shop" },
  answer: Website,
  async handle(ctx, { user, params: { websiteId, ...change } }) {
    await updateWebsite(ctx.directory, websiteId, change);
    return showWebsite(ctx, user.id, websiteId);
  },
});

const showSecret = defineCommand({
  name: "website.identity-secret.show",
  summary: "The secret that signs who a logged-in visitor is.",
  access: "admin",
  http: { method: "GET", path: `${path}/identity-secret` },
  params: website,
  answer: IdentitySecret,
  async handle(ctx, { websiteId }) {
    const { identitySecret } = (await findWebsite(ctx.directory, websiteId))!;
    return { identitySecret };
  },
});

const replaceSecret = defineCommand({
  name: "website.identity-secret.replace",
  summary: "Replace the identity secret; identities signed with the old one are refused from then on.",
  access: "admin",
  http: { method: "POST", path: `${path}/identity-secret` },
  params: website,
  answer: IdentitySecret,
  async handle(ctx, { websiteId }) {
    const identitySecret = newIdentitySecret();
    await updateWebsite(ctx.directory, websiteId, { identitySecret });
    return { identitySecret };
  },
});

export const websites: Feature = {
  commands: [create, show, change, showSecret, replaceSecret],
  queries: queriesOf(queries),
};

async function showWebsite(ctx: Ctx, userId: string, websiteId: number): Promise<z.input<typeof Website>> {
  const mine = await listWebsites(ctx.directory, userId);
  const website = mine.find(({ id }) => id === websiteId);
  if (!website) throw new AppError("not_found", "There is no such website, or you do not belong to it.");
  return { ...website, createdAt: website.createdAt.toISOString() };
}

export type { WebsiteRow };
export { createWebsite, findWebsiteByKey, listWebsites };
