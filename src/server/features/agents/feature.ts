import { z } from "zod";
import { queriesOf } from "#database/query-plans/define-query.ts";
import { Agent, AgentChange, Agents, type Role, ToldAvailability } from "#protocol/agents.ts";
import { Uuid, WebsiteId } from "#protocol/basics.ts";
import { AppError } from "#protocol/errors.ts";
import { defineCommand, defineSocketCommand } from "#server/declaration/command.ts";
import type { Ctx } from "#server/declaration/context.ts";
import type { Feature } from "#server/declaration/feature.ts";
import { findMembership } from "#server/identity/memberships.ts";
import { changeRole, removeAgent } from "./actions.ts";
import * as queries from "./queries.ts";
import { getAgent, listAgents } from "./queries.ts";

const website = z.object({ websiteId: WebsiteId });
const agent = website.extend({ userId: Uuid });
const path = "/websites/:websiteId/agents";

const list = defineCommand({
  name: "agent.list",
  summary: "The website's agents.",
  access: "agent",
  http: { method: "GET", path },
  params: website,
  answer: Agents,
  async handle(ctx, { websiteId }) {
    const rows = await listAgents(ctx.directory, websiteId);
    return { agents: rows.map(row => showAgent(ctx, websiteId, row)) };
  },
});

const change = defineCommand({
  name: "agent.change",
  summary: "Change an agent's role; a demotion to agent withdraws the invitations that they made.",
  access: "admin",
  audit: ["agent.role_changed", "invitation.withdrawn"],
  http: { method: "PATCH", path: `${path}/:userId` },
  params: agent.extend(AgentChange.shape),
  example: { role: "agent" },
  answer: Agent,
  async handle(ctx, { role, params, ...by }) {
    await refuseAboveRank(ctx, role, params, params.role);
    await changeRole(ctx, by, params);
    return showAgent(ctx, params.websiteId, await getAgent(ctx.directory, params));
  },
});

const remove = defineCommand({
  name: "agent.remove",
  summary: "Remove an agent; withdraws their invitations, ends their sessions and closes their sockets at once.",
  access: "admin",
  audit: ["agent.removed", "invitation.withdrawn"],
  http: { method: "DELETE", path: `${path}/:userId` },
  params: agent,
  async handle(ctx, { db, role, params, ...by }) {
    await refuseAboveRank(ctx, role, params);
    await removeAgent(ctx, by, { db, ...params });
  },
});

const setAvailability = defineSocketCommand({
  name: "agent.availability",
  summary: "Set the agent's availability: online or away.",
  access: "user",
  params: z.object({ availability: ToldAvailability }),
  example: { availability: "away" },
  handle: (_ctx, { connection, params }) => connection.setAvailability(params.availability),
});

export const agents: Feature = {
  commands: [list, change, remove, setAvailability],
  queries: queriesOf(queries),
};

const showAgent = ({ presence }: Ctx, websiteId: number, row: Awaited<ReturnType<typeof getAgent>>): Agent => ({
  ...row,
  availability: presence.availabilityOf(websiteId, row.id),
  joinedAt: row.joinedAt.toISOString(),
});

/** An admin may not change, remove or make an owner. */
async function refuseAboveRank(ctx: Ctx, role: Role, target: { websiteId: number; userId: string }, next?: Role) {
  if (role === "owner") return;
  const theirs = await findMembership(ctx.directory, target);
  if (theirs?.role === "owner" || next === "owner") throw new AppError("forbidden", "Only an owner may do this.");
}
