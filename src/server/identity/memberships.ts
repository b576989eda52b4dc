import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import type { Role } from "#protocol/agents.ts";

/** `name` is the agent's name as the website shows it; it may differ from the name of the account. */
export type Membership = { role: Role; name: string };

/** A user's role in a website, and their name there; null for a user who must not see it. */
export const findMembership = defineQuery(
  {
    name: "membership of a user in a website",
    indexes: ["memberships_pkey", "memberships_of_user"],
    buffers: 6,
    sample: ({ websiteId, agentId }) => [{ websiteId, userId: agentId }],
  },
  async (db: Db, { websiteId, userId }: { websiteId: number; userId: string }): Promise<Membership | null> => {
    const row = await db
      .selectFrom("memberships")
      .select(["role", "name"])
      .where("website_id", "=", websiteId)
      .where("user_id", "=", userId)
      .where("removed_at", "is", null)
      .executeTakeFirst();
    return row ?? null;
  },
);

/** A member, who cannot be removed before the transaction ends, with the website's name for them; null: no member. */
export const lockMember = defineQuery(
  {
    name: "lock of a member of a website",
    indexes: ["memberships_pkey", "memberships_of_user"],
    buffers: 10,
    sample: ({ websiteId, agentId }) => [{ websiteId, userId: agentId }],
  },
  async (
    tx: Db,
    { websiteId, userId }: { websiteId: number; userId: string },
  ): Promise<{ id: string; name: string } | null> => {
    const row = await tx
      .selectFrom("memberships")
      .select(["user_id as id", "name"])
      .where("website_id", "=", websiteId)
      .where("user_id", "=", userId)
      .where("removed_at", "is", null)
      .forKeyShare()
      .executeTakeFirst();
    return row ?? null;
  },
);

/** The websites that a user may see, with their role and name there. */
export const listMemberships = defineQuery(
  { name: "websites of a user", indexes: ["memberships_of_user"], buffers: 200, sample: ({ agentId }) => [agentId] },
  (directory: Db, userId: string): Promise<(Membership & { websiteId: number })[]> =>
    directory
      .selectFrom("memberships")
      .select(["website_id as websiteId", "role", "name"])
      .where("user_id", "=", userId)
      .where("removed_at", "is", null)
      .orderBy("website_id")
      .execute(),
);

/** A website's name, and the origins of the pages where its chat may be shown. */
export const findOrigins = defineQuery(
  {
    name: "pages where a website's chat may be shown",
    indexes: ["websites_pkey"],
    buffers: 6,
    sample: ({ websiteId }) => [websiteId],
  },
  async (db: Db, websiteId: number): Promise<{ name: string; allowedOrigins: string[] } | null> => {
    const row = await db
      .selectFrom("websites")
      .select(["name", "allowed_origins as allowedOrigins"])
      .where("id", "=", websiteId)
      .executeTakeFirst();
    return row ?? null;
  },
);
