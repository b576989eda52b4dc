import type { Db } from "#database/connect.ts";
import type { WebsiteDatabase } from "#database/website-databases.ts";
import type { Role, User } from "#protocol/agents.ts";
import { AppError } from "#protocol/errors.ts";
import type { VisitorSession } from "#server/identity/visitor-token.ts";

/**
 * Who may call a command. public: anyone. user: a signed-in person. agent, admin, owner: a member of the website with at
 * least that role; for all others the website does not exist. visitor: the bearer of a visitor's token, on an allowed
 * page.
 */
export type Access = "public" | "user" | Role | "visitor";

/** The database of the website that a command is about. */
type InWebsite = { websiteId: number; database: WebsiteDatabase; db: Db };

/** A member of a website. Their `name` is the one of the membership: the website's people see no other. */
type Member = InWebsite & { user: User; role: Role };

export type Caller<A extends Access> = A extends "public"
  ? { user: User | null }
  : A extends "user"
    ? { user: User }
    : A extends "visitor"
      ? InWebsite & { visitor: VisitorSession }
      : Member;

const rank: Record<Role, number> = { agent: 1, admin: 2, owner: 3 };

/** @throws AppError "forbidden" when the role is below the one that is required */
export function requireRole(role: Role, required: Role): void {
  if (rank[role] >= rank[required]) return;
  throw new AppError("forbidden", `Only ${required === "owner" ? "an owner" : "an admin or owner"} may do this.`);
}
