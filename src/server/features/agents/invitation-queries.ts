import { sql } from "kysely";
import type { Db } from "#database/connect.ts";
import type { Role } from "#protocol/agents.ts";

/** Those that can still be accepted, newest first. */
export const listInvitations = (db: Db, websiteId: number) =>
  db
    .selectFrom("invitations as i")
    .leftJoin("users as u", "u.id", "i.invited_by")
    .select(["i.id", "i.role", "i.note", "u.name as invitedBy"])
    .select(["i.created_at as createdAt", "i.expires_at as expiresAt"])
    .where("i.website_id", "=", websiteId)
    .where("i.expires_at", ">", sql<Date>`now()`)
    .orderBy("i.created_at", "desc")
    .execute();

export async function findInvitation(db: Db, { websiteId, tokenHash }: { websiteId: number; tokenHash: string }) {
  const row = await db
    .selectFrom("invitations as i")
    .innerJoin("websites as w", "w.id", "i.website_id")
    .leftJoin("users as u", "u.id", "i.invited_by")
    .select(["i.id", "i.role", "w.name as websiteName", "u.name as invitedBy"])
    .where("i.website_id", "=", websiteId)
    .where("i.token_hash", "=", tokenHash)
    .where("i.expires_at", ">", sql<Date>`now()`)
    .executeTakeFirst();
  return row ?? null;
}

export const insertInvitation = (
  db: Db,
  invitation: {
    websiteId: number;
    id: string;
    role: Role;
    note: string;
    tokenHash: string;
    invitedBy: string;
    expiresAt: Date;
  },
) =>
  db
    .insertInto("invitations")
    .values({
      website_id: invitation.websiteId,
      id: invitation.id,
      role: invitation.role,
      note: invitation.note,
      token_hash: invitation.tokenHash,
      invited_by: invitation.invitedBy,
      expires_at: invitation.expiresAt,
    })
    .execute();

/** Whether there was one: of two who accept at once, one does. */
export async function deleteInvitation(db: Db, { websiteId, id }: { websiteId: number; id: string }): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom("invitations")
    .where("website_id", "=", websiteId)
    .where("id", "=", id)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
