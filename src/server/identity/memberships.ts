import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import type { Role } from "#protocol/agents.ts";

/** The role of a user in a website; null for a user who must not see it. */
export const findMembership = defineQuery(
  {
    name: "membership of a user in a website",
    indexes: ["memberships_pkey", "memberships_of_user"],
    buffers: 6,
    sample: ({ websiteId, agentId }) => [{ websiteId, userId: agentId }],
  },
  async (db: Db, { websiteId, userId }: { websiteId: number; userId: string }): Promise<Role | null> => {
    const row = await db
      .selectFrom("memberships")
      .select("role")
      .where("website_id", "=", websiteId)
      .where("user_id", "=", userId)
      .where("removed_at", "is", null)
      .executeTakeFirst();
    return row?.role ?? null;
  },
);

/** A member with the name that the website shows; null for everybody else. They cannot be removed before the transaction ends. */
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

/** The websites that a user may see, and as what. */
export const listMemberships = defineQuery(
  { name: "websites of a user", indexes: ["memberships_of_user"], buffers: 200, sample: ({ agentId }) => [agentId] },
  (directory: Db, userId: string): Promise<{ websiteId: number; role: Role }[]> =>
    directory
      .selectFrom("memberships")
      .select(["website_id as websiteId", "role"])
      .where("user_id", "=", userId)
      .where("removed_at", "is", null)
      .orderBy("website_id")
      .execute(),
);

/** Where a website's chat may be shown. */
export const findPages = defineQuery(
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
