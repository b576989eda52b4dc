import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import type { Role } from "#protocol/agents.ts";

type Member = { websiteId: number; userId: string };

const selectAgents = (directory: Db, websiteId: number) =>
  directory
    .selectFrom("memberships as m")
    .innerJoin("users as u", "u.id", "m.user_id")
    .select(["u.id", "m.name", "u.email", "m.role", "m.created_at as joinedAt"])
    .where("m.website_id", "=", websiteId)
    .where("m.removed_at", "is", null);

/** The website's agents, the oldest member first, with their e-mail addresses, which only the directory has. */
export const listAgents = defineQuery(
  {
    name: "agents of a website",
    indexes: ["memberships_pkey", "users_pkey"],
    buffers: 200,
    sample: ({ websiteId }) => [websiteId],
  },
  (directory: Db, websiteId: number) =>
    selectAgents(directory, websiteId).orderBy("m.created_at").orderBy("u.id").execute(),
);

export const getAgent = defineQuery(
  {
    name: "an agent of a website",
    indexes: ["memberships_pkey", "memberships_of_user", "users_pkey"],
    buffers: 10,
    sample: ({ websiteId, agentId }) => [{ websiteId, userId: agentId }],
  },
  (directory: Db, { websiteId, userId }: Member) =>
    selectAgents(directory, websiteId).where("m.user_id", "=", userId).executeTakeFirstOrThrow(),
);

/** Locks the website's memberships: of two removals at the same moment, the second one sees the first. */
export const lockMemberships = defineQuery(
  {
    name: "lock of a website's memberships",
    indexes: ["memberships_pkey"],
    buffers: 200,
    sample: ({ websiteId }) => [websiteId],
  },
  (tx: Db, websiteId: number) =>
    tx
      .selectFrom("memberships")
      .select(["user_id as userId", "role", "name"])
      .where("website_id", "=", websiteId)
      .where("removed_at", "is", null)
      .orderBy("user_id")
      .forUpdate()
      .execute(),
);

export const updateRole = defineQuery(
  {
    name: "another role",
    indexes: ["memberships_pkey", "memberships_of_user"],
    buffers: 20,
    sample: ({ websiteId, agentId }) => [{ websiteId, userId: agentId, role: "agent" as const }],
  },
  (tx: Db, { websiteId, userId, role }: Member & { role: Role }) =>
    tx
      .updateTable("memberships")
      .set({ role })
      .where("website_id", "=", websiteId)
      .where("user_id", "=", userId)
      .where("removed_at", "is", null)
      .execute(),
);

/** Ends a membership. The row stays, because it holds the agent's name for their messages. */
export const endMembership = defineQuery(
  {
    name: "the end of a membership",
    indexes: ["memberships_pkey", "memberships_of_user"],
    buffers: 20,
    sample: ({ websiteId, agentId }) => [{ websiteId, userId: agentId }],
  },
  (tx: Db, { websiteId, userId }: Member) =>
    tx
      .updateTable("memberships")
      .set(eb => ({ removed_at: eb.fn<Date>("now") }))
      .where("website_id", "=", websiteId)
      .where("user_id", "=", userId)
      .where("removed_at", "is", null)
      .execute(),
);

export const deleteSessions = defineQuery(
  {
    name: "the end of a user's sessions",
    indexes: ["sessions_by_user"],
    buffers: 20,
    sample: ({ agentId }) => [agentId],
  },
  (tx: Db, userId: string) => tx.deleteFrom("sessions").where("user_id", "=", userId).execute(),
);
