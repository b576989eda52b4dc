import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import type { Role } from "#protocol/agents.ts";

const noId = "00000000-0000-7000-8000-000000000000";

/** The invitations that can still be accepted, newest first. */
export const listInvitations = defineQuery(
  {
    name: "invitations of a website",
    indexes: ["invitations_pkey", "users_pkey", "invitations_website_id_token_hash_key"],
    buffers: 100,
    sample: ({ websiteId }) => [websiteId],
  },
  (db: Db, websiteId: number) =>
    db
      .selectFrom("invitations as i")
      .leftJoin("users as u", "u.id", "i.invited_by")
      .select(["i.id", "i.role", "i.note", "u.name as invitedBy"])
      .select(["i.created_at as createdAt", "i.expires_at as expiresAt"])
      .where("i.website_id", "=", websiteId)
      .where("i.expires_at", ">", eb => eb.fn<Date>("now"))
      .orderBy("i.created_at", "desc")
      .execute(),
);

export const findInvitation = defineQuery(
  {
    name: "invitation by its token",
    indexes: ["invitations_website_id_token_hash_key", "websites_pkey", "users_pkey"],
    buffers: 12,
    sample: ({ websiteId }) => [{ websiteId, tokenHash: "" }],
  },
  async (db: Db, { websiteId, tokenHash }: { websiteId: number; tokenHash: string }) => {
    const row = await db
      .selectFrom("invitations as i")
      .innerJoin("websites as w", "w.id", "i.website_id")
      .leftJoin("users as u", "u.id", "i.invited_by")
      .select(["i.id", "i.role", "w.name as websiteName", "u.name as invitedBy"])
      .where("i.website_id", "=", websiteId)
      .where("i.token_hash", "=", tokenHash)
      .where("i.expires_at", ">", eb => eb.fn<Date>("now"))
      .executeTakeFirst();
    return row ?? null;
  },
);

type NewInvitation = {
  websiteId: number;
  id: string;
  role: Role;
  note: string;
  tokenHash: string;
  invitedBy: string;
  expiresAt: Date;
};

export const insertInvitation = defineQuery(
  {
    name: "a new invitation",
    indexes: [],
    buffers: 30,
    sample: ({ websiteId, agentId }) => [
      {
        websiteId,
        id: noId,
        role: "agent" as const,
        note: "",
        tokenHash: noId,
        invitedBy: agentId,
        expiresAt: new Date(),
      },
    ],
  },
  (db: Db, invitation: NewInvitation) =>
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
      .execute(),
);

/** @returns null when the invitation is gone already: of two people who accept at once, one does */
export const deleteInvitation = defineQuery(
  {
    name: "an invitation used or withdrawn",
    indexes: ["invitations_pkey"],
    buffers: 12,
    sample: ({ websiteId }) => [{ websiteId, id: noId }],
  },
  async (
    db: Db,
    { websiteId, id }: { websiteId: number; id: string },
  ): Promise<{ role: Role; note: string } | null> => {
    const row = await db
      .deleteFrom("invitations")
      .where("website_id", "=", websiteId)
      .where("id", "=", id)
      .returning(["role", "note"])
      .executeTakeFirst();
    return row ?? null;
  },
);
