import { randomBytes } from "node:crypto";
import type { Db } from "#database/connect.ts";
import type { User } from "#protocol/agents.ts";
import { AppError } from "#protocol/errors.ts";
import type { WebsiteChange, WebsiteSettings } from "#protocol/websites.ts";
import type { ByUser } from "#server/declaration/audit-record.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { transact } from "#server/declaration/transact.ts";
import { admitMember } from "#server/identity/memberships.ts";
import { requiredNoticeOf } from "./notice.ts";
import { insertNotice, insertWebsite, lockWebsite, mayAddWebsites, updateWebsite, type WebsiteRow } from "./queries.ts";

type NewWebsite = { name: string; allowedOrigins: string[] };

/** @returns the id. @throws AppError "forbidden" for users who own no website */
export async function addWebsite(ctx: Ctx, by: ByUser, website: NewWebsite): Promise<number> {
  if (!(await mayAddWebsites(ctx.directory, by.user.id))) {
    throw new AppError("forbidden", "Only an owner of a website may add another one.");
  }
  return transact(ctx, ctx.directory, async (tx, events) => {
    const websiteId = await createWebsite(tx, { ...website, owner: by.user });
    events.audit(by, { websiteId, action: "website.created", target: targetOf({ ...website, id: websiteId }) });
    events.publish(`user:${by.user.id}`, "memberships");
    return websiteId;
  });
}

/** Creates a website with its keys and its owner. @returns its id */
export async function createWebsite(tx: Db, website: NewWebsite & { owner: User }): Promise<number> {
  const id = await insertWebsite(tx, {
    name: website.name,
    allowedOrigins: website.allowedOrigins,
    publicKey: randomBytes(12).toString("base64url"),
    identitySecret: newIdentitySecret(),
  });
  await admitMember(tx, { websiteId: id, userId: website.owner.id, role: "owner", name: website.owner.name });
  return id;
}

export const changeWebsite = (ctx: Ctx, by: ByUser, websiteId: number, change: WebsiteChange): Promise<void> =>
  transact(ctx, ctx.directory, async (tx, events) => {
    const before = await lockWebsite(tx, websiteId);
    requireRetention({ ...before.settings, ...change.settings });
    const details = differences(before, change);
    if (details.fields.length === 0) return;
    await updateWebsite(tx, websiteId, change);
    events.audit(by, { websiteId, action: "website.changed", target: targetOf(before), details });
    await keepNotice(tx, websiteId, { ...before.settings, ...change.settings });
    if (accessFields.some(field => details.fields.includes(field))) events.publish("website-access", websiteId);
  });

function requireRetention({ archiveAfterDays, deleteAfterDays }: WebsiteSettings): void {
  if (archiveAfterDays <= deleteAfterDays) return;
  throw new AppError(
    "invalid_request",
    `Conversations would be archived after ${archiveAfterDays} days, but are deleted after ${deleteAfterDays} days. ` +
      "Archive them earlier, or delete them later.",
  );
}

/** What is in WebsiteAccess, which servers keep for visitors who connect. */
const accessFields = ["allowedOrigins", "keepsPageQuery"];

/** A visitor's row names the notice that was accepted: its words are kept after the website shows others. */
async function keepNotice(tx: Db, websiteId: number, settings: WebsiteSettings): Promise<void> {
  const id = requiredNoticeOf(settings);
  if (id) await insertNotice(tx, { websiteId, id, body: settings.privacyNotice, link: settings.privacyLink });
}

/** The identity secret. Each time it is shown, the audit log gets an entry. */
export const showIdentitySecret = (ctx: Ctx, by: ByUser, websiteId: number): Promise<string> =>
  transact(ctx, ctx.directory, async (tx, events) => {
    const website = await lockWebsite(tx, websiteId);
    events.audit(by, { websiteId, action: "website.secret_shown", target: targetOf(website) });
    return website.identitySecret;
  });

export const replaceIdentitySecret = (ctx: Ctx, by: ByUser, websiteId: number): Promise<string> =>
  transact(ctx, ctx.directory, async (tx, events) => {
    const website = await lockWebsite(tx, websiteId);
    const identitySecret = newIdentitySecret();
    await updateWebsite(tx, websiteId, { identitySecret });
    events.audit(by, { websiteId, action: "website.secret_replaced", target: targetOf(website) });
    events.publish("website-access", websiteId);
    return identitySecret;
  });

const newIdentitySecret = () => randomBytes(32).toString("base64url");

const targetOf = ({ id, name }: { id: number; name: string }) => ({ kind: "website", id: String(id), name }) as const;

/** The fields that differ: a form sends all of its fields. */
function differences({ name, allowedOrigins, settings }: WebsiteRow, { settings: changed, ...change }: WebsiteChange) {
  const before: Record<string, unknown> = { name, allowedOrigins, ...settings };
  const after: Record<string, unknown> = { ...change, ...changed };
  const isChanged = (field: string) =>
    after[field] !== undefined && JSON.stringify(after[field]) !== JSON.stringify(before[field]);
  const fields = Object.keys(after).filter(isChanged);
  const pick = (values: Record<string, unknown>) => Object.fromEntries(fields.map(field => [field, values[field]]));
  return { fields, from: pick(before), to: pick(after) };
}
