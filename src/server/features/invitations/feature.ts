import { z } from "zod";
import { queriesOf } from "#database/query-plans/define-query.ts";
import { Me } from "#protocol/accounts.ts";
import { Uuid, WebsiteId } from "#protocol/basics.ts";
import { AppError } from "#protocol/errors.ts";
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
import { acceptInvitation, getInvitation, invite } from "./actions.ts";
import * as queries from "./queries.ts";
import { deleteInvitation, listInvitations } from "./queries.ts";

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
  http: { method: "POST", path },
  params: website.extend(InvitationCreate.shape),
  example: { role: "agent" },
  answer: InvitationCreated,
  handle: (ctx, { user, params }) => invite(ctx, { ...params, by: user }),
});

const withdraw = defineCommand({
  name: "invitation.withdraw",
  summary: "Withdraw an invitation.",
  access: "admin",
  http: { method: "DELETE", path: `${path}/:invitationId` },
  params: website.extend({ invitationId: Uuid }),
  async handle(ctx, { params: { websiteId, invitationId } }) {
    if (!(await deleteInvitation(ctx.directory, { websiteId, id: invitationId }))) {
      throw new AppError("not_found", "This invitation was accepted or withdrawn already.");
    }
  },
});

const show = defineHttpCommand({
  name: "invitation.show",
  summary: "What an invitation is for.",
  access: "public",
  http: { method: "GET", path: "/invitations/:token", limit: "code" },
  params: link,
  answer: InvitationShown,
  async handle(ctx, { params }) {
    const { websiteName, role, invitedBy } = await getInvitation(ctx.directory, params.token);
    return { websiteName, role, invitedBy };
  },
});

const accept = defineHttpCommand({
  name: "invitation.accept",
  summary: "Accept an invitation, with a new account or as the user who is signed in.",
  access: "public",
  http: { method: "POST", path: "/invitations/:token", limit: "code" },
  params: link.extend(InvitationAccept.shape),
  example: { account: { name: "Ada", email: "ada@shop.example", password: "correct horse" } },
  answer: Me,
  async handle(ctx, { params: { token, account }, user, request }) {
    const joined = await acceptInvitation(ctx, { token, account, user });
    if (account) await signInAs(ctx, account, request);
    return showMe(ctx, joined);
  },
});

export const invitations: Feature = {
  commands: [list, create, withdraw, show, accept],
  queries: queriesOf(queries),
};
