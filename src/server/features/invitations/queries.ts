import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import type { Role } from "#protocol/agents.ts";

const noId = "00000000-0000-7000-8000-000000000000";

const includesDeleted = { memberships: "an agent may have left after they made an invitation" };

/** The invitations that can still be accepted, with the name of their maker as the website shows it. */
const selectInvitations = (db: Db, websiteId: number) =>
  db
    .selectFrom("invitations as i")
    .leftJoin("memberships as m", join =>
      join.onRef("m.website_id", "=", "i.website_id").onRef("m.user_id", "=", "i.invited_by"),
    )
    .select(["i.id", "i.role", "m.name as invitedBy"])
    .where("i.website_id", "=", websiteId)
    .where("i.expires_at", ">", eb => eb.fn<Date>("now"));

/** Newest first. */
export const listInvitations = defineQuery(
  {
    name: "invitations of a website",
    indexes: ["invitations_pkey", "memberships_pkey", "invitations_website_id_token_hash_key"],
    buffers: 100,
    includesDeleted,
    sample: ({ websiteId }) => [websiteId],
  },
  (db: Db, websiteId: number) =>
    selectInvitations(db, websiteId)
      .select(["i.note", "i.created_at as createdAt", "i.expires_at as expiresAt"])
      .orderBy("i.created_at", "desc")
      .execute(),
);

export const findInvitation = defineQuery(
  {
    name: "invitation by its token",
    indexes: ["invitations_website_id_token_hash_key", "websites_pkey", "memberships_pkey"],
    buffers: 12,
    includesDeleted,
    sample: ({ websiteId }) => [{ websiteId, tokenHash: "" }],
  },
  async (db: Db, { websiteId, tokenHash }: { websiteId: number; tokenHash: string }) => {
    const row = await selectInvitations(db, websiteId)
      .innerJoin("websites as w", "w.id", "i.website_id")
      .select("w.name as websiteName")
      .where("w.deleted_at", "is", null)
      .where("i.token_hash", "=", tokenHash)
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

/** Deletes all invitations that a user has made for a website. */
export const deleteInvitationsBy = defineQuery(
  {
    name: "the invitations of a member, withdrawn",
    indexes: ["invitations_pkey", "invitations_website_id_token_hash_key"],
    buffers: 100,
    sample: ({ websiteId, agentId }) => [{ websiteId, userId: agentId }],
  },
  (
    db: Db,
    { websiteId, userId }: { websiteId: number; userId: string },
  ): Promise<{ id: string; role: Role; note: string }[]> =>
    db
      .deleteFrom("invitations")
      .where("website_id", "=", websiteId)
      .where("invited_by", "=", userId)
      .returning(["id", "role", "note"])
      .execute(),
);

/** @returns null if the invitation does not exist any more: of two people who accept at the same moment, one succeeds */
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
