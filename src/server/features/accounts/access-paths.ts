import type { AccessPath } from "#database/query-plans/access-path.ts";
import { findUserByEmail, findUserName, isSetupNeeded, lockUsers } from "./queries.ts";

export const accessPaths: AccessPath[] = [
  {
    name: "name of a user",
    query: findUserName,
    run: (db, { agentId }) => findUserName(db, agentId),
    indexes: ["users_pkey"],
    buffers: 6,
  },
  {
    name: "user by e-mail address",
    query: findUserByEmail,
    run: db => findUserByEmail(db, "ada@nobody.invalid"),
    indexes: ["users_email_key"],
    buffers: 6,
  },
  {
    name: "whether there is any user",
    query: isSetupNeeded,
    run: isSetupNeeded,
    indexes: [],
    buffers: 6,
  },
  { name: "lock of the users while the first is made", query: lockUsers, run: lockUsers, indexes: [] },
];
