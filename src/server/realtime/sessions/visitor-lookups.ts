import { createBatcher } from "#platform/batcher.ts";
import { createTtlCache } from "#platform/cache.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { type ConversationRow, listThreads } from "#server/features/conversations/feature.ts";
import { updateLastSeen, type VisitorFacts } from "#server/features/visitors/feature.ts";
import { findOrigins } from "#server/identity/memberships.ts";
import { isAllowedOrigin, requireAllowedOrigin } from "#server/identity/origins.ts";
import type { VisitorSession } from "#server/identity/visitor-token.ts";

/** How long a connecting visitor may see a website's old allowed origins. */
const pagesMs = 5_000;
const maxItems = 500;

/** The database's side of visitors who connect: a crowd shares a few statements. */
export type VisitorLookups = {
  /** @throws AppError "origin_not_allowed", or "session_expired" when the website is gone */
  requireAllowedOrigin(websiteId: number, origin: string | undefined): Promise<void>;
  /** The newest conversation of the thread; a logged-in visitor may have begun it on another device. */
  findThread(visitor: VisitorSession): Promise<ConversationRow | null>;
  /** Stores where a visitor is, if they have a row. */
  recordVisit(visitor: VisitorSession, facts: VisitorFacts): Promise<void>;
};

export function createVisitorLookups(ctx: Ctx): VisitorLookups {
  const pages = createTtlCache(pagesMs, (websiteId: number) => findOrigins(ctx.directory, websiteId));
  /** A batch asks one database; how many wait is bounded by admission.ts and by the spread of heartbeats. */
  const batches = {
    groupOf: ({ websiteId }: VisitorSession) => ctx.database({ websiteId }),
    maxItems: maxItems,
    maxWaiting: Number.POSITIVE_INFINITY,
  };
  const findThread = createBatcher(
    (visitors: VisitorSession[]) => listThreads(ctx.database(visitors[0]!).db, visitors),
    batches,
  );
  const recordVisit = createBatcher(
    async (visits: (VisitorSession & VisitorFacts)[]) => {
      await updateLastSeen(ctx.database(visits[0]!).db, newestOfEach(visits));
      return visits.map(() => undefined);
    },
    { ...batches, maxRunning: 1 },
  );

  return {
    async requireAllowedOrigin(websiteId, origin) {
      const website = await pages.get(websiteId);
      if (website && isAllowedOrigin(ctx, website.allowedOrigins, origin)) return;
      // It may have been allowed a moment ago.
      await requireAllowedOrigin(ctx, websiteId, origin);
      pages.forget(websiteId);
    },
    findThread,
    recordVisit: (visitor, facts) => recordVisit({ ...visitor, ...facts }),
  };
}

/** Two tabs of a visitor may show two pages: one row, one statement. */
const newestOfEach = <Visit extends VisitorSession>(visits: Visit[]): Visit[] => [
  ...new Map(visits.map(visit => [`${visit.websiteId}:${visit.visitorId}`, visit])).values(),
];
