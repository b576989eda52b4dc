import { z } from "zod";
import { queriesOf } from "#database/query-plans/define-query.ts";
import { Me } from "#protocol/accounts.ts";
import { Uuid, WebsiteId } from "#protocol/basics.ts";
import {
  InvitationAccept,
  InvitationCreate,
  InvitationCreated,
  InvitationShown,
  Invitations,
} from "#protocol/invitations.ts";
import { defineCommand, defineHttpCommand } from "#server/declaration/command.ts";
import type { Feature } from "#server/declaration/feature.ts";
import { showMe, signInAs } from "#server/features/accounts/feature.ts";
import { acceptInvitation, getInvitation, invite, withdraw, withdrawAllBy } from "./actions.ts";
import * as queries from "./queries.ts";
import { listInvitations } from "./queries.ts";

const website = z.object({ websiteId: WebsiteId });
const path = "/websites/:websiteId/invitations";
const link = z.object({ token: z.string().max(100) });

const list = defineCommand({
  name: "invitation.list",
  summary: "The invitations that can still be accepted.",
  access: "admin",
  http: { method: "GET", path },
  params: website,
  answer: Invitations,
  async handle(ctx, { websiteId }) {
    const rows = await listInvitations(ctx.directory, websiteId);
    const invitations = rows.map(row => ({
      ...row,
      createdAt: row.createdAt.toISOString(),
      expiresAt: row.expiresAt.toISOString(),
    }));
    return { invitations };
  },
});

const create = defineCommand({
  name: "invitation.create",
  summary: "Invite an agent by link; the token is shown once.",
  access: "admin",
  audit: ["invitation.created"],
  http: { method: "POST", path },
  params: website.extend(InvitationCreate.shape),
  example: { role: "agent" },
  answer: InvitationCreated,
  handle: (ctx, { params, ...by }) => invite(ctx, by, params),
});

const remove = defineCommand({
  name: "invitation.withdraw",
  summary: "Withdraw an invitation.",
  access: "admin",
  audit: ["invitation.withdrawn"],
  http: { method: "DELETE", path: `${path}/:invitationId` },
  params: website.extend({ invitationId: Uuid }),
  handle: (ctx, { params: { websiteId, invitationId }, ...by }) => withdraw(ctx, by, { websiteId, id: invitationId }),
});

const show = defineHttpCommand({
  name: "invitation.show",
  summary: "The website and the role of an invitation.",
  access: "public",
  http: { method: "GET", path: "/invitations/:token" },
  limit: "code",
  params: link,
  answer: InvitationShown,
  async handle(ctx, { params }) {
    const { websiteName, role, invitedBy } = await getInvitation(ctx.directory, params.token);
    return { websiteName, role, invitedBy };
  },
});

const accept = defineHttpCommand({
  name: "invitation.accept",
  summary: "Accept an invitation, with a new account or as the signed-in user.",
  access: "public",
  audit: ["invitation.accepted", "account.signed_in"],
  http: { method: "POST", path: "/invitations/:token" },
  limit: "code",
  params: link.extend(InvitationAccept.shape),
  example: { account: { name: "Ada", email: "ada@shop.example", password: "correct horse" } },
  answer: Me,
  async handle(ctx, { params: { token, account }, user, ...call }) {
    const joined = await acceptInvitation(ctx, { token, account, user, source: call.source });
    if (account) await signInAs(ctx, call, account);
    return showMe(ctx, joined);
  },
});

export const invitations: Feature = {
  commands: [list, create, remove, show, accept],
  queries: queriesOf(queries),
};

export { withdrawAllBy };
