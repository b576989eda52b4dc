import { z } from "zod";
import { queriesOf } from "#database/query-plans/define-query.ts";
import { WebsiteId } from "#protocol/basics.ts";
import { AppError } from "#protocol/errors.ts";
import { IdentitySecret, Website, WebsiteChange, WebsiteCreate } from "#protocol/websites.ts";
import { defineCommand } from "#server/declaration/command.ts";
import type { Ctx } from "#server/declaration/context.ts";
import type { Feature } from "#server/declaration/feature.ts";
import { addWebsite, changeWebsite, createWebsite, replaceIdentitySecret, showIdentitySecret } from "./actions.ts";
import { noticeIdOf, requiredNoticeOf } from "./notice.ts";
import * as queries from "./queries.ts";
import {
  findNotice,
  findWebsite,
  findWebsiteByKey,
  findWebsiteOf,
  listSettings,
  listWebsites,
  lockWebsite,
  type WebsiteRow,
} from "./queries.ts";
import { showWebsites } from "./view.ts";

const website = z.object({ websiteId: WebsiteId });
const path = "/websites/:websiteId";

const create = defineCommand({
  name: "website.create",
  summary: "Add a website, owned by its creator. For users who own a website already.",
  access: "user",
  audit: ["website.created"],
  http: { method: "POST", path: "/websites" },
  params: WebsiteCreate,
  example: { name: "Shop", allowedOrigins: ["https://shop.example"] },
  answer: Website,
  handle: async (ctx, { params, ...by }) => showWebsite(ctx, by.user.id, await addWebsite(ctx, by, params)),
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
  audit: ["website.changed"],
  http: { method: "PATCH", path },
  params: website.extend(WebsiteChange.shape),
  example: { name: "Shop" },
  answer: Website,
  async handle(ctx, { params: { websiteId, ...change }, ...by }) {
    await changeWebsite(ctx, by, websiteId, change);
    return showWebsite(ctx, by.user.id, websiteId);
  },
});

const showSecret = defineCommand({
  name: "website.identity-secret.show",
  summary: "The secret that signs the identities of logged-in visitors.",
  access: "admin",
  audit: ["website.secret_shown"],
  http: { method: "GET", path: `${path}/identity-secret` },
  params: website,
  answer: IdentitySecret,
  handle: async (ctx, { websiteId, ...by }) => ({ identitySecret: await showIdentitySecret(ctx, by, websiteId) }),
});

const replaceSecret = defineCommand({
  name: "website.identity-secret.replace",
  summary: "Replace the identity secret; identities and visitors' tokens of the old one are refused from then on.",
  access: "admin",
  audit: ["website.secret_replaced"],
  http: { method: "POST", path: `${path}/identity-secret` },
  params: website,
  answer: IdentitySecret,
  handle: async (ctx, { websiteId, ...by }) => ({ identitySecret: await replaceIdentitySecret(ctx, by, websiteId) }),
});

export const websites: Feature = {
  commands: [create, show, change, showSecret, replaceSecret],
  queries: queriesOf(queries),
};

async function showWebsite(ctx: Ctx, userId: string, websiteId: number): Promise<Website> {
  const row = await findWebsiteOf(ctx.directory, { websiteId, userId });
  if (!row) throw new AppError("not_found", "There is no such website, or you do not belong to it.");
  const [shown] = await showWebsites(ctx, [row]);
  return shown!;
}

/** Every website of a user. */
export async function showWebsitesOf(ctx: Ctx, userId: string): Promise<Website[]> {
  return showWebsites(ctx, await listWebsites(ctx.directory, userId));
}

export type { WebsiteRow };
export {
  createWebsite,
  findNotice,
  findWebsite,
  findWebsiteByKey,
  listSettings,
  lockWebsite,
  noticeIdOf,
  requiredNoticeOf,
};
