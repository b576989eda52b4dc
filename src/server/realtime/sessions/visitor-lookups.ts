import { createBatcher } from "#platform/batcher.ts";
import { createTtlCache } from "#platform/cache.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { type ConversationRow, listThreads } from "#server/features/conversations/feature.ts";
import { updateLastSeen, type VisitorFacts } from "#server/features/visitors/feature.ts";
import { findAccess, type WebsiteAccess } from "#server/identity/memberships.ts";
import { requireAccess } from "#server/identity/visitor-access.ts";
import type { VisitorSession } from "#server/identity/visitor-token.ts";

/** If the bus loses a change of a website's origins or secret, it applies to connecting visitors after this time. */
const accessMs = 5_000;
const maxItems = 500;

/** What visitors' sessions ask the database: thousands that connect at once share a few statements. */
export type VisitorLookups = {
  /** @throws AppError "origin_not_allowed" or "session_expired" */
  requireAccess(visitor: VisitorSession, origin: string | undefined): Promise<WebsiteAccess>;
  /** The same for a visitor who is connected: one query a website for all of them. */
  recheckAccess(visitor: VisitorSession, origin: string | undefined): Promise<WebsiteAccess>;
  /** To be called when what is in a website's WebsiteAccess has changed. */
  forgetAccess(websiteId: number): void;
  /** The newest conversation of a visitor; a logged-in visitor may have begun it on another device. */
  findThread(visitor: VisitorSession): Promise<ConversationRow | null>;
  /** Stores a visitor's current page, if the visitor has a row. */
  recordVisit(visitor: VisitorSession, facts: VisitorFacts): Promise<void>;
};

export function createVisitorLookups(ctx: Ctx): VisitorLookups {
  const access = createTtlCache(accessMs, (websiteId: number) => findAccess(ctx.directory, websiteId));
  /** A batch asks one database. admission.ts and the spread of heartbeats limit how many wait. */
  const batches = {
    groupOf: ({ websiteId }: VisitorSession) => ctx.database({ websiteId }),
    maxItems,
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
    async requireAccess(visitor, origin) {
      const { websiteId } = visitor;
      try {
        return requireAccess(ctx, await access.get(websiteId), visitor, origin);
      } catch {
        // What is cached may be outdated: check again.
        const allowed = requireAccess(ctx, await findAccess(ctx.directory, websiteId), visitor, origin);
        access.forget(websiteId);
        return allowed;
      }
    },
    recheckAccess: async (visitor, origin) => requireAccess(ctx, await access.get(visitor.websiteId), visitor, origin),
    forgetAccess: access.forget,
    findThread,
    recordVisit: (visitor, facts) => recordVisit({ ...visitor, ...facts }),
  };
}

/** Two tabs of a visitor may show two pages, but a statement updates each row once. */
const newestOfEach = <Visit extends VisitorSession>(visits: Visit[]): Visit[] => [
  ...new Map(visits.map(visit => [`${visit.websiteId}:${visit.visitorId}`, visit])).values(),
];
