import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import type { Role } from "#protocol/agents.ts";

/** The role of a user in a website; null for a user who must not see it. */
export const findMembership = defineQuery(
  {
    name: "membership of a user in a website",
    indexes: ["memberships_pkey"],
    buffers: 6,
    sample: ({ websiteId, agentId }) => [{ websiteId, userId: agentId }],
  },
  async (db: Db, { websiteId, userId }: { websiteId: number; userId: string }): Promise<Role | null> => {
    const row = await db
      .selectFrom("memberships")
      .select("role")
      .where("website_id", "=", websiteId)
      .where("user_id", "=", userId)
      .executeTakeFirst();
    return row?.role ?? null;
  },
);

/** A member with the name that the website shows; null for everybody else. */
export const findMember = defineQuery(
  {
    name: "member of a website with their name",
    indexes: ["memberships_pkey", "users_pkey"],
    buffers: 10,
    sample: ({ websiteId, agentId }) => [{ websiteId, userId: agentId }],
  },
  async (
    db: Db,
    { websiteId, userId }: { websiteId: number; userId: string },
  ): Promise<{ id: string; name: string } | null> => {
    const row = await db
      .selectFrom("memberships as m")
      .innerJoin("users as u", "u.id", "m.user_id")
      .select(["u.id", "u.name"])
      .where("m.website_id", "=", websiteId)
      .where("m.user_id", "=", userId)
      .executeTakeFirst();
    return row ?? null;
  },
);

/** The websites that a user may see, and as what. */
export const listMemberships = defineQuery(
  { name: "websites of a user", indexes: ["memberships_by_user"], buffers: 200, sample: ({ agentId }) => [agentId] },
  (directory: Db, userId: string): Promise<{ websiteId: number; role: Role }[]> =>
    directory
      .selectFrom("memberships")
      .select(["website_id as websiteId", "role"])
      .where("user_id", "=", userId)
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
