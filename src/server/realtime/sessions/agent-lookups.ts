import { createTtlCache } from "#platform/cache.ts";
import type { InboxCounts } from "#protocol/inbox.ts";
import { limits } from "#protocol/limits.ts";
import type { AgentEvent } from "#protocol/socket.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { countUnreadOfAgents, listHeads } from "#server/features/inbox/feature.ts";

/** A heartbeat lists what changed within two heartbeats and the time that a commit may take. */
const lookBackMs = limits.heartbeatMs * 2 + 10_000;
const maxHeads = 200;
/** Agents whose heartbeats fall into this time share an answer. */
const sharedMs = 1_000;
/** Counts are published this long after the first change: many changes in a second are counted once. */
const countsDelayMs = 1_000;
/** in one statement; so many join in about a millisecond */
const maxWebsites = 100;

type Send = (event: AgentEvent) => void;

/** What agents' sessions ask the database: one statement per website for all its agents at this process. */
export type AgentLookups = ReturnType<typeof createAgentLookups>;

export function createAgentLookups({ database, log }: Pick<Ctx, "database" | "log">) {
  const watchers = createWatchers();
  /** websites whose counts are published when the timer ends */
  const changed = new Set<number>();
  let timer: NodeJS.Timeout | null = null;

  const heads = createTtlCache(sharedMs, (websiteId: number) =>
    listHeads(database({ websiteId }).db, websiteId, { sinceMs: lookBackMs, limit: maxHeads }),
  );
  const counts = createTtlCache(sharedMs, async (websiteId: number) => {
    const counted = await countUnreadOfAgents(database({ websiteId }).db, [readersOf(websiteId)]);
    return counted.get(websiteId)!;
  });

  const readersOf = (websiteId: number) => ({ websiteId, userIds: [...watchers.of(websiteId).keys()] });

  /** One statement for many websites: on a busy server most of them change within a second. */
  async function publishCounts() {
    timer = null;
    const websiteIds = [...changed].filter(id => watchers.of(id).size > 0);
    changed.clear();
    for (const id of websiteIds) counts.forget(id);
    for (const [db, ids] of Map.groupBy(websiteIds, websiteId => database({ websiteId }).db)) {
      for (let first = 0; first < ids.length; first += maxWebsites) {
        const counted = await countUnreadOfAgents(db, ids.slice(first, first + maxWebsites).map(readersOf));
        for (const [websiteId, byAgent] of counted) publishTo(websiteId, byAgent);
      }
    }
  }

  function publishTo(websiteId: number, byAgent: Map<string, InboxCounts>) {
    for (const [userId, sends] of watchers.of(websiteId)) {
      const own = byAgent.get(userId);
      if (own) for (const send of sends) send({ event: "inbox.counts", data: { websiteId, counts: own } });
    }
  }

  return {
    /** The newest numbers of a website's conversations that changed lately. */
    listHeads: heads.get,

    async countUnread(websiteId: number, userId: string): Promise<InboxCounts> {
      const cached = (await counts.get(websiteId)).get(userId);
      if (cached) return cached;
      // The agent has connected since the cached counts were made.
      counts.forget(websiteId);
      return (await counts.get(websiteId)).get(userId)!;
    },

    /** Publishes a website's counts to an agent while they are connected. @returns how to stop */
    watch: watchers.add,

    /** To be called when a conversation of the website changed. */
    onChange(websiteId: number) {
      changed.add(websiteId);
      if (timer) return;
      const publish = () =>
        publishCounts().catch(error => log.warn({ err: error }, "unread counts were not published"));
      timer = setTimeout(publish, countsDelayMs).unref();
    },
  };
}

/** The agents who are connected to this process, by website and user, with what sends to each of their connections. */
function createWatchers() {
  const byWebsite = new Map<number, Map<string, Set<Send>>>();
  return {
    of: (websiteId: number): ReadonlyMap<string, ReadonlySet<Send>> => byWebsite.get(websiteId) ?? new Map(),

    add(websiteId: number, userId: string, send: Send): () => void {
      const byUser = byWebsite.get(websiteId) ?? new Map<string, Set<Send>>();
      const sends = byUser.get(userId) ?? new Set();
      byWebsite.set(websiteId, byUser.set(userId, sends.add(send)));
      return () => {
        sends.delete(send);
        if (sends.size === 0) byUser.delete(userId);
        if (byUser.size === 0) byWebsite.delete(websiteId);
      };
    },
  };
}
