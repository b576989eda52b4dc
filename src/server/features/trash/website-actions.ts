import type { Db } from "#database/connect.ts";
import { dayOf, purgedAt } from "#database/lifecycle/undoable.ts";
import { AppError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { AuditRecord, ByUser } from "#server/declaration/audit-record.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { type Publisher, transact } from "#server/declaration/transact.ts";
import { lockWebsite } from "#server/features/websites/feature.ts";
import { findPurge } from "./queries.ts";
import { listMemberIds, lockDeletedWebsite, markWebsiteDeleted, unmarkWebsiteDeleted } from "./website-queries.ts";

/**
 * Deletes a website: it is gone for its visitors and agents at once, and its rows stay as they are. For `limits.undoDays` days
 * an owner can bring it back.
 * @param p.name  must be the website's: it is typed, because so much goes
 * @throws AppError "conflict" for another name
 */
export const deleteWebsite = (
  ctx: Ctx,
  by: ByUser,
  { websiteId, name, reason }: { websiteId: number; name: string; reason: string },
): Promise<void> =>
  transact(ctx, ctx.directory, async (tx, events) => {
    const website = await lockWebsite(tx, websiteId);
    if (name.trim() !== website.name.trim()) {
      throw new AppError(
        "conflict",
        `The website's name is "${website.name}", not "${name}". Type it to delete the website.`,
      );
    }
    await markWebsiteDeleted(tx, { websiteId, by: by.user.id, reason });
    events.audit(by, { ...recordOf(website), action: "website.deleted", details: { reason } });
    publishWebsite(events, websiteId, await listMemberIds(tx, websiteId));
  });

/** @throws AppError "not_found" if it is not in the trash, or the user does not own it */
export const restoreWebsite = (ctx: Ctx, by: ByUser, websiteId: number): Promise<void> =>
  transact(ctx, ctx.directory, async (tx, events) => {
    const { record, memberIds } = await bringBackWebsite(tx, websiteId, by.user.id);
    events.audit(by, record);
    publishWebsite(events, websiteId, memberIds);
  });

/** As restoreWebsite, for those who publish and record by themselves. @param userId  null: the command line */
export async function bringBackWebsite(
  tx: Db,
  websiteId: number,
  userId: string | null,
): Promise<{ record: AuditRecord; memberIds: string[] }> {
  const website = await lockDeletedWebsite(tx, { websiteId, userId });
  if (!website || !(await unmarkWebsiteDeleted(tx, websiteId))) {
    throw await whyNot(tx, websiteId, website?.deletedAt ?? null, userId);
  }
  return {
    record: { ...recordOf(website), action: "website.restored" },
    memberIds: await listMemberIds(tx, websiteId),
  };
}

async function whyNot(tx: Db, websiteId: number, deletedAt: Date | null, userId: string | null): Promise<AppError> {
  // A stranger learns nothing of a website that is gone.
  const purged =
    userId === null ? await findPurge(tx, { websiteId, action: "website.purged", id: String(websiteId) }) : null;
  const wentAt = deletedAt ? purgedAt(deletedAt) : purged;
  if (!wentAt) return new AppError("not_found", "There is no such website in the trash, or you do not own it.");
  return new AppError(
    "not_found",
    `This website went for good on ${dayOf(wentAt)}, ${limits.undoDays} days after its deletion.`,
  );
}

/** To the screens of its agents and to its visitors, in all processes. */
export function publishWebsite(events: Publisher, websiteId: number, memberIds: string[]): void {
  for (const userId of memberIds) events.publish(`user:${userId}`, "memberships");
  events.publish("website-access", websiteId);
}

const recordOf = ({ id, name }: { id: number; name: string }) => ({
  websiteId: id,
  target: { kind: "website" as const, id: String(id), name },
});
