import type { AccessPath } from "#database/query-plans/access-path.ts";
import { deleteInvitation, findInvitation, insertInvitation, listInvitations } from "./invitation-queries.ts";
import {
  deleteMembership,
  deleteSessions,
  insertMembership,
  listAgents,
  lockMemberships,
  updateRole,
} from "./queries.ts";

const nobody = "00000000-0000-7000-8000-000000000000";

export const accessPaths: AccessPath[] = [
  {
    name: "agents of a website",
    query: listAgents,
    run: (db, { websiteId }) => listAgents(db, websiteId),
    indexes: ["memberships_pkey", "users_pkey"],
    buffers: 200,
  },
  {
    name: "lock of a website's memberships",
    query: lockMemberships,
    run: (db, { websiteId }) => lockMemberships(db, websiteId),
    indexes: ["memberships_pkey"],
    buffers: 200,
  },
  {
    name: "a new membership",
    query: insertMembership,
    run: (db, { websiteId, agentId }) => insertMembership(db, { websiteId, userId: agentId, role: "agent" }),
    indexes: [],
    buffers: 20,
  },
  {
    name: "another role",
    query: updateRole,
    run: (db, { websiteId, agentId }) => updateRole(db, { websiteId, userId: agentId, role: "agent" }),
    indexes: ["memberships_pkey"],
    buffers: 20,
  },
  {
    name: "the end of a membership",
    query: deleteMembership,
    run: (db, { websiteId }) => deleteMembership(db, { websiteId, userId: nobody }),
    indexes: ["memberships_pkey", "memberships_by_user"],
    buffers: 20,
  },
  {
    name: "the end of a user's sessions",
    query: deleteSessions,
    run: (db, { agentId }) => deleteSessions(db, agentId),
    indexes: ["sessions_by_user"],
    buffers: 20,
  },
  {
    name: "invitations of a website",
    query: listInvitations,
    run: (db, { websiteId }) => listInvitations(db, websiteId),
    indexes: ["invitations_pkey", "users_pkey", "invitations_website_id_token_hash_key"],
    buffers: 100,
  },
  {
    name: "invitation by its token",
    query: findInvitation,
    run: (db, { websiteId }) => findInvitation(db, { websiteId, tokenHash: "" }),
    indexes: ["invitations_website_id_token_hash_key", "websites_pkey", "users_pkey"],
    buffers: 12,
  },
  {
    name: "a new invitation",
    query: insertInvitation,
    run: (db, { websiteId, agentId }) =>
      insertInvitation(db, {
        websiteId,
        id: nobody,
        role: "agent",
        note: "",
        tokenHash: nobody,
        invitedBy: agentId,
        expiresAt: new Date(),
      }),
    indexes: [],
    buffers: 30,
  },
  {
    name: "an invitation used or withdrawn",
    query: deleteInvitation,
    run: (db, { websiteId }) => deleteInvitation(db, { websiteId, id: nobody }),
    indexes: ["invitations_pkey"],
    buffers: 12,
  },
];
