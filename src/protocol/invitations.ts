import { z } from "zod";
import { Account } from "./accounts.ts";
import { Role } from "./agents.ts";
import { Moment, Uuid } from "./basics.ts";

export const Invitation = z.object({
  id: Uuid,
  role: Role,
  note: z.string(),
  invitedBy: z.string().nullable(),
  createdAt: Moment,
  expiresAt: Moment,
});
export type Invitation = z.infer<typeof Invitation>;

export const InvitationCreate = z.object({
  role: z.enum(["admin", "agent"]),
  note: z.string().trim().max(100).default(""),
});

/** The token is shown once: the database keeps its hash. */
export const InvitationCreated = z.object({ invitation: Invitation, token: z.string() });

export const Invitations = z.object({ invitations: z.array(Invitation) });

export const InvitationShown = z.object({ websiteName: z.string(), role: Role, invitedBy: z.string().nullable() });

/** Without an account, the user who is signed in joins. */
export const InvitationAccept = z.object({ account: Account.optional() });
