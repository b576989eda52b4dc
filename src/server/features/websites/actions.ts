import { randomBytes } from "node:crypto";
import type { Db } from "#database/connect.ts";
import { insertMembership } from "#server/features/agents/queries.ts";
import { insertWebsite } from "./queries.ts";

export const newIdentitySecret = () => randomBytes(32).toString("base64url");

/** Makes a website with its keys and its owner; returns its id. */
export async function createWebsite(
  tx: Db,
  website: { name: string; allowedOrigins: string[]; ownerId: string },
): Promise<number> {
  const id = await insertWebsite(tx, {
    name: website.name,
    allowedOrigins: website.allowedOrigins,
    publicKey: randomBytes(12).toString("base64url"),
    identitySecret: newIdentitySecret(),
  });
  await insertMembership(tx, { websiteId: id, userId: website.ownerId, role: "owner" });
  return id;
}
