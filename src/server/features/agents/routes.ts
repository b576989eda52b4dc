import { z } from "zod";
import { Me } from "#protocol/accounts.ts";
import { Agent, AgentChange, Agents } from "#protocol/agents.ts";
import { Uuid, WebsiteId } from "#protocol/basics.ts";
import { AppError } from "#protocol/errors.ts";
import {
  InvitationAccept,
  InvitationCreate,
  InvitationCreated,
  InvitationShown,
  Invitations,
} from "#protocol/invitations.ts";
import type { Ctx } from "#server/context.ts";
import { showMe, signInAs } from "#server/features/accounts/me.ts";
import type { DeclareEndpoint } from "#server/http/endpoint.ts";
import { headersOf } from "#server/http/headers.ts";
import { findMembership } from "#server/identity/memberships.ts";
import { acceptInvitation, changeRole, getInvitation, invite, removeAgent } from "./actions.ts";
import { deleteInvitation, listInvitations } from "./invitation-queries.ts";
import { listAgents } from "./queries.ts";

const website = z.object({ websiteId: WebsiteId });
const agent = website.extend({ userId: Uuid });
const link = z.object({ token: z.string().max(100) });

export function agentRoutes(declare: DeclareEndpoint, ctx: Ctx) {
  async function shownAgents(websiteId: number): Promise<Agent[]> {
    const agents = await listAgents(ctx.db, websiteId);
    return agents.map(row => ({
      ...row,
      availability: ctx.presence.availabilityOf(websiteId, row.id),
      joinedAt: row.joinedAt.toISOString(),
    }));
  }

  /** An admin does not touch owners, nor makes one. */
  async function refuseAboveRank(role: string, p: { websiteId: number; userId: string }, next?: string) {
    if (role === "owner") return;
    const theirs = await findMembership(ctx.db, p);
    if (theirs === "owner" || next === "owner") throw new AppError("forbidden", "Only an owner may do this.");
  }

  declare({
    method: "GET",
    path: "/websites/:websiteId/agents",
    summary: "The website's agents.",
    access: "agent",
    params: website,
    answer: Agents,
    handle: async ({ websiteId }) => ({ agents: await shownAgents(websiteId) }),
  });

  declare({
    method: "PATCH",
    path: "/websites/:websiteId/agents/:userId",
    summary: "Change an agent's role.",
    access: "admin",
    params: agent,
    body: AgentChange,
    answer: Agent,
    async handle({ websiteId, role, params, body }) {
      await refuseAboveRank(role, { websiteId, userId: params.userId }, body.role);
      await changeRole(ctx, { websiteId, userId: params.userId, role: body.role });
      return (await shownAgents(websiteId)).find(({ id }) => id === params.userId)!;
    },
  });

  declare({
    method: "DELETE",
    path: "/websites/:websiteId/agents/:userId",
    summary: "Remove an agent; ends their sessions and sockets at once.",
    access: "admin",
    params: agent,
    async handle({ websiteId, role, params }) {
      await refuseAboveRank(role, { websiteId, userId: params.userId });
      await removeAgent(ctx, { websiteId, userId: params.userId });
    },
  });

  declare({
    method: "GET",
    path: "/websites/:websiteId/invitations",
    summary: "The invitations that nobody has accepted yet.",
    access: "admin",
    params: website,
    answer: Invitations,
    async handle({ websiteId }) {
      const rows = await listInvitations(ctx.db, websiteId);
      return {
        invitations: rows.map(row => ({
          ...row,
          createdAt: row.createdAt.toISOString(),
          expiresAt: row.expiresAt.toISOString(),
        })),
      };
    },
  });

  declare({
    method: "POST",
    path: "/websites/:websiteId/invitations",
    summary: "Invite an agent by link; the token is told this once.",
    access: "admin",
    params: website,
    body: InvitationCreate,
    answer: InvitationCreated,
    handle: ({ user, websiteId, body }) => invite(ctx, { websiteId, ...body, by: user }),
  });

  declare({
    method: "DELETE",
    path: "/websites/:websiteId/invitations/:invitationId",
    summary: "Withdraw an invitation.",
    access: "admin",
    params: website.extend({ invitationId: Uuid }),
    async handle({ websiteId, params }) {
      if (!(await deleteInvitation(ctx.db, { websiteId, id: params.invitationId }))) {
        throw new AppError("not_found", "This invitation was accepted or withdrawn already.");
      }
    },
  });

  declare({
    method: "GET",
    path: "/invitations/:token",
    summary: "What an invitation is for.",
    access: "nobody",
    limit: "code",
    params: link,
    answer: InvitationShown,
    async handle({ params }) {
      const { websiteName, role, invitedBy } = await getInvitation(ctx, params.token);
      return { websiteName, role, invitedBy };
    },
  });

  declare({
    method: "POST",
    path: "/invitations/:token",
    summary: "Accept an invitation, with a new account or as whoever is signed in.",
    access: "nobody",
    limit: "code",
    params: link,
    body: InvitationAccept,
    answer: Me,
    async handle({ params, body, user, request, reply }) {
      const joined = await acceptInvitation(ctx, { token: params.token, account: body.account, user });
      if (body.account) await signInAs(ctx, body.account, headersOf(request), reply);
      return showMe(ctx, joined);
    },
  });
}
