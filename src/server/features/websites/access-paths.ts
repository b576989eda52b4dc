import type { AccessPath } from "#database/query-plans/access-path.ts";
import {
  findFirstPublicKey,
  findWebsite,
  findWebsiteByKey,
  insertWebsite,
  listWebsites,
  updateWebsite,
} from "./queries.ts";

const website = { name: "Shop", allowedOrigins: [], publicKey: "none", identitySecret: "none" };

export const accessPaths: AccessPath[] = [
  {
    name: "a website",
    query: findWebsite,
    run: (db, { websiteId }) => findWebsite(db, websiteId),
    indexes: ["websites_pkey"],
    buffers: 6,
  },
  {
    name: "website by its public key",
    query: findWebsiteByKey,
    run: db => findWebsiteByKey(db, website.publicKey),
    indexes: ["websites_public_key_key"],
    buffers: 6,
  },
  {
    name: "the oldest website",
    query: findFirstPublicKey,
    run: findFirstPublicKey,
    indexes: ["websites_pkey"],
    buffers: 6,
  },
  {
    name: "websites of a user, with the unread of each",
    query: listWebsites,
    run: (db, { agentId }) => listWebsites(db, agentId),
    indexes: ["memberships_by_user", "memberships_pkey", "websites_pkey", "conversations_unread"],
  },
  {
    name: "a new website",
    query: insertWebsite,
    run: db => insertWebsite(db, website),
    indexes: [],
    buffers: 60,
  },
  {
    name: "a change of a website",
    query: updateWebsite,
    run: (db, { websiteId }) => updateWebsite(db, websiteId, { name: "Shop" }),
    indexes: ["websites_pkey"],
    buffers: 20,
  },
];
