import type { Db } from "#database/connect.ts";
import type { Role } from "#protocol/agents.ts";

/** Through this a user sees a website, or does not. */
export async function findMembership(
  db: Db,
  { websiteId, userId }: { websiteId: number; userId: string },
): Promise<Role | null> {
  const row = await db
    .selectFrom("memberships")
    .select("role")
    .where("website_id", "=", websiteId)
    .where("user_id", "=", userId)
    .executeTakeFirst();
  return row?.role ?? null;
}

/** Where a website's chat may be shown. */
export async function findPages(db: Db, websiteId: number): Promise<{ name: string; allowedOrigins: string[] } | null> {
  const row = await db
    .selectFrom("websites")
    .select(["name", "allowed_origins as allowedOrigins"])
    .where("id", "=", websiteId)
    .executeTakeFirst();
  return row ?? null;
}
