import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";
import type { Role } from "#protocol/agents.ts";
import { WebsiteSettings } from "#protocol/websites.ts";

/** `name` is the agent's name as the website shows it; it may differ from the name of the account. */
export type Membership = { role: Role; name: string };

/** A user's role in a website, and their name there; null for a user who must not see it. */
export const findMembership = defineQuery(
  {
    name: "membership of a user in a website",
    indexes: ["memberships_pkey", "memberships_of_user", "websites_pkey"],
    buffers: 10,
    sample: ({ websiteId, agentId }) => [{ websiteId, userId: agentId }],
  },
  async (directory: Db, { websiteId, userId }: { websiteId: number; userId: string }): Promise<Membership | null> => {
    const row = await directory
      .selectFrom("memberships as m")
      .innerJoin("websites as w", "w.id", "m.website_id")
      .select(["m.role", "m.name"])
      .where("m.website_id", "=", websiteId)
      .where("m.user_id", "=", userId)
      .where("m.removed_at", "is", null)
      .where("w.deleted_at", "is", null)
      .executeTakeFirst();
    return row ?? null;
  },
);

type NewMember = Membership & { websiteId: number; userId: string };

/**
 * Makes a user a member, or raises a member's role; a former member gets the new role and name. Of several at the same
 * moment the highest role counts.
 * @returns false if the user is a member with this role or a higher one: nothing changed
 */
export const admitMember = defineQuery(
  {
    name: "a new membership, or a higher role",
    indexes: [],
    buffers: 20,
    sample: ({ websiteId, agentId }) => [{ websiteId, userId: agentId, role: "agent" as const, name: "Ada" }],
  },
  async (tx: Db, { websiteId, userId, role, name }: NewMember): Promise<boolean> => {
    // The roles are declared from the highest to the lowest.
    const rows = await sql`
      insert into memberships as m (website_id, user_id, role, name)
      values (${websiteId}, ${userId}, ${role}, ${name})
      on conflict (website_id, user_id) do update
      set role = excluded.role,
          name = case when m.removed_at is null then m.name else excluded.name end,
          created_at = case when m.removed_at is null then m.created_at else excluded.created_at end,
          removed_at = null
      where m.removed_at is not null or excluded.role < m.role
      returning 1 as admitted`.rows(tx);
    return rows.length > 0;
  },
);

/**
 * A member, who can neither be removed nor get another role before the transaction ends, with the website's name for
 * them; null: no member.
 */
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
  ): Promise<{ id: string; name: string; role: Role } | null> => {
    const row = await tx
      .selectFrom("memberships")
      .select(["user_id as id", "name", "role"])
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
  {
    name: "websites of a user",
    indexes: ["memberships_of_user", "websites_pkey"],
    buffers: 400,
    sample: ({ agentId }) => [agentId],
  },
  (directory: Db, userId: string): Promise<(Membership & { websiteId: number })[]> =>
    directory
      .selectFrom("memberships as m")
      .innerJoin("websites as w", "w.id", "m.website_id")
      .select(["m.website_id as websiteId", "m.role", "m.name"])
      .where("m.user_id", "=", userId)
      .where("m.removed_at", "is", null)
      .where("w.deleted_at", "is", null)
      .orderBy("m.website_id")
      .execute(),
);

/** What decides whether a visitor may use a website's chat, and which address of their pages is kept. */
export type WebsiteAccess = {
  name: string;
  allowedOrigins: string[];
  identitySecret: string;
  keepsPageQuery: boolean;
};

export const findAccess = defineQuery(
  {
    name: "what decides whether a visitor may use a website's chat",
    indexes: ["websites_pkey"],
    buffers: 6,
    sample: ({ websiteId }) => [websiteId],
  },
  async (directory: Db, websiteId: number): Promise<WebsiteAccess | null> => {
    const row = await directory
      .selectFrom("websites")
      .select(["name", "allowed_origins as allowedOrigins", "identity_secret as identitySecret", "settings"])
      .where("id", "=", websiteId)
      .where("deleted_at", "is", null)
      .executeTakeFirst();
    if (!row) return null;
    const { settings, ...access } = row;
    return { ...access, keepsPageQuery: WebsiteSettings.parse(settings).keepsPageQuery };
  },
);
