import type { Website } from "#protocol/websites.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { countUnreadByWebsite } from "#server/features/inbox/feature.ts";
import type { listWebsites } from "./queries.ts";

type WebsiteOfUser = Awaited<ReturnType<typeof listWebsites>>[number];

/** Websites as one of their agents sees them: from the directory, with the unread count of each. */
export async function showWebsites(ctx: Ctx, websites: WebsiteOfUser[]): Promise<Website[]> {
  const ids = websites.map(({ id }) => id);
  const unread = await countUnread(ctx, ids);
  return websites.map(website => ({
    ...website,
    unread: unread.get(website.id)!,
    createdAt: website.createdAt.toISOString(),
  }));
}

/** One query per database. */
async function countUnread({ database }: Ctx, websiteIds: number[]): Promise<Map<number, number>> {
  const byDatabase = Map.groupBy(websiteIds, websiteId => database({ websiteId }).db);
  const counts = await Promise.all([...byDatabase].map(([db, ids]) => countUnreadByWebsite(db, ids)));
  return new Map(counts.flatMap(each => [...each]));
}
