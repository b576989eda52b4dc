import type { Db } from "#database/connect.ts";
import type { Role } from "#protocol/agents.ts";

type Member = { websiteId: number; userId: string };

export async function insertMembership(db: Db, { websiteId, userId, role }: Member & { role: Role }): Promise<void> {
  await db
    .insertInto("memberships")
    .values({ website_id: websiteId, user_id: userId, role })
    .onConflict(conflict => conflict.columns(["website_id", "user_id"]).doNothing())
    .execute();
}

/** Oldest member first. */
export const listAgents = (db: Db, websiteId: number) =>
  db
    .selectFrom("memberships as m")
    .innerJoin("users as u", "u.id", "m.user_id")
    .select(["u.id", "u.name", "u.email", "m.role", "m.created_at as joinedAt"])
    .where("m.website_id", "=", websiteId)
    .orderBy("m.created_at")
    .orderBy("u.id")
    .execute();

/** Locks the website's memberships, so that of two removals one sees the other. */
export const lockMemberships = (tx: Db, websiteId: number) =>
  tx
    .selectFrom("memberships")
    .select(["user_id as userId", "role"])
    .where("website_id", "=", websiteId)
    .orderBy("user_id")
    .forUpdate()
    .execute();

export const updateRole = (tx: Db, { websiteId, userId, role }: Member & { role: Role }) =>
  tx
    .updateTable("memberships")
    .set({ role })
    .where("website_id", "=", websiteId)
    .where("user_id", "=", userId)
    .execute();

export const deleteMembership = (tx: Db, { websiteId, userId }: Member) =>
  tx.deleteFrom("memberships").where("website_id", "=", websiteId).where("user_id", "=", userId).execute();

export const deleteSessions = (tx: Db, userId: string) =>
  tx.deleteFrom("sessions").where("user_id", "=", userId).execute();
