import type { AccessPath } from "#database/query-plans/access-path.ts";
import { insertAccount, setPassword } from "./auth.ts";
import { findMembership, findPages } from "./memberships.ts";

const account = { name: "Ada", email: "ada@nobody.invalid", password: "" };

export const accessPaths: AccessPath[] = [
  {
    name: "membership of a user in a website",
    query: findMembership,
    run: (db, { websiteId, agentId }) => findMembership(db, { websiteId, userId: agentId }),
    indexes: ["memberships_pkey"],
    buffers: 6,
  },
  {
    name: "pages where a website's chat may be shown",
    query: findPages,
    run: (db, { websiteId }) => findPages(db, websiteId),
    indexes: ["websites_pkey"],
    buffers: 6,
  },
  {
    name: "a new account",
    query: insertAccount,
    run: db => insertAccount(db, account),
    indexes: [],
    buffers: 20,
  },
  {
    name: "a new password",
    query: setPassword,
    run: (db, { agentId }) => setPassword(db, agentId, account.password),
    indexes: ["accounts_by_user", "sessions_by_user"],
    buffers: 20,
  },
];
