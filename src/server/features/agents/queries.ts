import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import type { Role } from "#protocol/agents.ts";

type Member = { websiteId: number; userId: string };

const nobody = "00000000-0000-7000-8000-000000000000";

export const insertMembership = defineQuery(
  {
    name: "a new membership",
    indexes: [],
    buffers: 20,
    sample: ({ websiteId, agentId }) => [{ websiteId, userId: agentId, role: "agent" as const }],
  },
  async (db: Db, { websiteId, userId, role }: Member & { role: Role }): Promise<void> => {
    await db
      .insertInto("memberships")
      .values({ website_id: websiteId, user_id: userId, role })
      .onConflict(conflict => conflict.columns(["website_id", "user_id"]).doNothing())
      .execute();
  },
);

/** Oldest member first. */
export const listAgents = defineQuery(
  {
    name: "agents of a website",
    indexes: ["memberships_pkey", "users_pkey"],
    buffers: 200,
    sample: ({ websiteId }) => [websiteId],
  },
  (db: Db, websiteId: number) =>
    db
      .selectFrom("memberships as m")
      .innerJoin("users as u", "u.id", "m.user_id")
      .select(["u.id", "u.name", "u.email", "m.role", "m.created_at as joinedAt"])
      .where("m.website_id", "=", websiteId)
      .orderBy("m.created_at")
      .orderBy("u.id")
      .execute(),
);

/** Locks the website's memberships: of two removals at once, the second sees the first. */
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
      .select(["user_id as userId", "role"])
      .where("website_id", "=", websiteId)
      .orderBy("user_id")
      .forUpdate()
      .execute(),
);

export const updateRole = defineQuery(
  {
    name: "another role",
    indexes: ["memberships_pkey"],
    buffers: 20,
    sample: ({ websiteId, agentId }) => [{ websiteId, userId: agentId, role: "agent" as const }],
  },
  (tx: Db, { websiteId, userId, role }: Member & { role: Role }) =>
    tx
      .updateTable("memberships")
      .set({ role })
      .where("website_id", "=", websiteId)
      .where("user_id", "=", userId)
      .execute(),
);

export const deleteMembership = defineQuery(
  {
    name: "the end of a membership",
    indexes: ["memberships_pkey", "memberships_by_user"],
    buffers: 20,
    sample: ({ websiteId }) => [{ websiteId, userId: nobody }],
  },
  (tx: Db, { websiteId, userId }: Member) =>
    tx.deleteFrom("memberships").where("website_id", "=", websiteId).where("user_id", "=", userId).execute(),
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
