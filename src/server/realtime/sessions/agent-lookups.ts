import { createTtlCache } from "#platform/cache.ts";
import type { InboxCounts } from "#protocol/inbox.ts";
import { limits } from "#protocol/limits.ts";
import type { AgentEvent } from "#protocol/socket.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { countUnread, listHeads } from "#server/features/inbox/feature.ts";

/** A heartbeat looks back on two heartbeats and the time that a commit may take. */
const lookBackMs = limits.heartbeatMs * 2 + 10_000;
const maxHeads = 200;
/** Agents whose heartbeats fall together get the same answer. */
const sharedMs = 1_000;
/** Counts are published this long after the first change of a website. */
const countsDelayMs = 1_000;

type Send = (event: AgentEvent) => void;

/** The database's side of agents: one statement a website for all its agents at this process. */
export type AgentLookups = ReturnType<typeof createAgentLookups>;

export function createAgentLookups({ database, log }: Pick<Ctx, "database" | "log">) {
  const watchers = new Map<number, Map<string, Set<Send>>>();
  const scheduled = new Set<number>();

  const heads = createTtlCache(sharedMs, (websiteId: number) =>
    listHeads(database({ websiteId }).db, websiteId, { sinceMs: lookBackMs, limit: maxHeads }),
  );
  const counts = createTtlCache(sharedMs, (websiteId: number) =>
    countUnread(database({ websiteId }).db, {
      websiteId,
      userIds: [...(watchers.get(websiteId)?.keys() ?? [])],
    }),
  );

  async function publishCounts(websiteId: number) {
    scheduled.delete(websiteId);
    counts.forget(websiteId);
    if (!watchers.has(websiteId)) return;
    const byAgent = await counts.get(websiteId);
    for (const [userId, sends] of watchers.get(websiteId) ?? []) {
      const own = byAgent.get(userId);
      if (own) for (const send of sends) send({ event: "inbox.counts", data: { websiteId, counts: own } });
    }
  }

  return {
    /** The conversations of a website that changed lately, with their newest numbers. */
    listHeads: heads.get,

    async countUnread(websiteId: number, userId: string): Promise<InboxCounts> {
      const known = (await counts.get(websiteId)).get(userId);
      if (known) return known;
      // The agent has connected since these were counted.
      counts.forget(websiteId);
      return (await counts.get(websiteId)).get(userId)!;
    },

    /** Publishes a website's counts to an agent while they are connected. @returns how to stop */
    watch(websiteId: number, userId: string, send: Send): () => void {
      const ofWebsite = watchers.get(websiteId) ?? new Map<string, Set<Send>>();
      const sends = ofWebsite.get(userId) ?? new Set();
      watchers.set(websiteId, ofWebsite.set(userId, sends.add(send)));
      return () => {
        sends.delete(send);
        if (sends.size === 0) ofWebsite.delete(userId);
        if (ofWebsite.size === 0) watchers.delete(websiteId);
      };
    },

    /** To be called when a conversation of the website changed. Many changes in a second are counted once. */
    noteChange(websiteId: number) {
      if (scheduled.has(websiteId)) return;
      scheduled.add(websiteId);
      const publish = () =>
        publishCounts(websiteId).catch(error => log.warn({ err: error }, "unread counts were not published"));
      setTimeout(publish, countsDelayMs).unref();
    },
  };
}
