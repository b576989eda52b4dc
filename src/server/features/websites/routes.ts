import { z } from "zod";
import { WebsiteId } from "#protocol/basics.ts";
import { AppError } from "#protocol/errors.ts";
import { IdentitySecret, Website, WebsiteChange, WebsiteCreate } from "#protocol/websites.ts";
import type { Ctx } from "#server/context.ts";
import type { DeclareEndpoint } from "#server/http/endpoint.ts";
import { createWebsite, newIdentitySecret } from "./actions.ts";
import { findWebsite, listWebsites, updateWebsite } from "./queries.ts";

const params = z.object({ websiteId: WebsiteId });

export function websiteRoutes(declare: DeclareEndpoint, ctx: Ctx) {
  declare({
    method: "POST",
    path: "/websites",
    summary: "Add a website; its creator owns it. For owners of another one.",
    access: "user",
    body: WebsiteCreate,
    answer: Website,
    async handle({ user, body }) {
      const mine = await listWebsites(ctx.db, user.id);
      if (!mine.some(website => website.role === "owner")) {
        throw new AppError("forbidden", "Only an owner of a website may add another one.");
      }
      const id = await ctx.db.transaction().execute(tx => createWebsite(tx, { ...body, ownerId: user.id }));
      ctx.bus.publish(`user:${user.id}`, "memberships");
      return shown(ctx, user.id, id);
    },
  });

  declare({
    method: "GET",
    path: "/websites/:websiteId",
    summary: "A website, as one of its agents sees it.",
    access: "agent",
    params,
    answer: Website,
    handle: ({ user, websiteId }) => shown(ctx, user.id, websiteId),
  });

  declare({
    method: "PATCH",
    path: "/websites/:websiteId",
    summary: "Change a website's name, allowed origins or settings.",
    access: "admin",
    params,
    body: WebsiteChange,
    answer: Website,
    async handle({ user, websiteId, body }) {
      await updateWebsite(ctx.db, websiteId, body);
      return shown(ctx, user.id, websiteId);
    },
  });

  declare({
    method: "GET",
    path: "/websites/:websiteId/identity-secret",
    summary: "The secret that signs who a logged-in visitor is.",
    access: "admin",
    params,
    answer: IdentitySecret,
    async handle({ websiteId }) {
      const website = await findWebsite(ctx.db, websiteId);
      return { identitySecret: website!.identitySecret };
    },
  });

  declare({
    method: "POST",
    path: "/websites/:websiteId/identity-secret",
    summary: "Replace the identity secret; identities signed with the old one are refused from then on.",
    access: "admin",
    params,
    answer: IdentitySecret,
    async handle({ websiteId }) {
      const identitySecret = newIdentitySecret();
      await updateWebsite(ctx.db, websiteId, { identitySecret });
      return { identitySecret };
    },
  });
}

async function shown(ctx: Ctx, userId: string, websiteId: number): Promise<Website> {
  const mine = await listWebsites(ctx.db, userId);
  const website = mine.find(({ id }) => id === websiteId);
  if (!website) throw new AppError("not_found", "There is no such website, or you do not belong to it.");
  return { ...website, createdAt: website.createdAt.toISOString() };
}
