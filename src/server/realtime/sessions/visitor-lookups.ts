import { createBatcher } from "#platform/batcher.ts";
import { createRecent } from "#platform/cache.ts";
import type { Ctx } from "#server/context.ts";
import type { ConversationRow } from "#server/features/conversations/row.ts";
import { listThreads } from "#server/features/conversations/threads.ts";
import { touchVisitors, type VisitorFacts } from "#server/features/visitors/queries.ts";
import { allowOrigin } from "#server/http/access.ts";
import { isAllowedOrigin } from "#server/http/origins.ts";
import { findPages } from "#server/identity/memberships.ts";
import type { VisitorSession } from "#server/identity/visitor-token.ts";

/** How long a website's allowed origins may be out of date for those who connect. */
const pagesMs = 5_000;
const mostAtOnce = 500;

/** The database's side of visitors who connect, with as few statements as visitors allow: a crowd shares them. */
export type Visits = {
  /** @throws AppError "origin_not_allowed", or "session_expired" when the website is gone */
  allow(websiteId: number, origin: string | undefined): Promise<void>;
  /** The newest conversation of the thread; a logged-in visitor may have begun it on another device. */
  findThread(visitor: VisitorSession): Promise<ConversationRow | null>;
  /** Notes where a visitor is, who has written before. */
  touch(visitor: VisitorSession, facts: VisitorFacts): Promise<void>;
};

export function createVisits(ctx: Ctx): Visits {
  const pages = createRecent(pagesMs, (websiteId: number) => findPages(ctx.db, websiteId));
  // How many ask is bounded by who is connected: admission.ts, and a heartbeat's share.
  const unbounded = { mostItems: mostAtOnce, mostWaiting: Number.POSITIVE_INFINITY };
  const findThread = createBatcher((visitors: VisitorSession[]) => listThreads(ctx.db, visitors), unbounded);
  const touch = createBatcher(
    async (visits: (VisitorSession & VisitorFacts)[]) => {
      await touchVisitors(ctx.db, newestOfEach(visits));
      return visits.map(() => undefined);
    },
    { ...unbounded, lanes: 1 },
  );

  return {
    async allow(websiteId, origin) {
      const website = await pages.get(websiteId);
      if (website && isAllowedOrigin(ctx, website.allowedOrigins, origin)) return;
      // It may have been allowed a moment ago.
      await allowOrigin(ctx, websiteId, origin);
      pages.forget(websiteId);
    },
    findThread,
    touch: (visitor, facts) => touch({ ...visitor, ...facts }),
  };
}

/** Two tabs of a visitor may look at two pages: one row, one statement. */
const newestOfEach = <Visit extends VisitorSession>(visits: Visit[]): Visit[] => [
  ...new Map(visits.map(visit => [`${visit.websiteId}:${visit.visitorId}`, visit])).values(),
];
