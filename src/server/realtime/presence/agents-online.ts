import { setImmediate as nextTurn } from "node:timers/promises";
import type { Bus } from "#server/realtime/bus.ts";

/** Changes of this time are ignored: an agent may just reload the page, or reconnect after a restart like all others. */
const delayMs = 3_000;
/** visitors that are notified in one turn of the event loop */
const sliceSize = 500;

type Presence = { hasAgents(websiteId: number): boolean; listVisitors(websiteId: number): string[] };

/**
 * Pushes `agentsOnline` to a website's visitors at this process when its first agent comes online or its last one leaves.
 * The next heartbeat has it too, but after a restart visitors often connect before agents: for half a minute they would
 * read that no agent is online.
 */
export function createAgentsOnline(bus: Bus, { hasAgents, listVisitors }: Presence) {
  /** websites for which `agentsOnline: true` was published last */
  const online = new Set<number>();
  const scheduled = new Set<number>();

  function compare(websiteId: number) {
    scheduled.delete(websiteId);
    const agentsOnline = hasAgents(websiteId);
    if (agentsOnline === online.has(websiteId)) return;
    if (agentsOnline) online.add(websiteId);
    else online.delete(websiteId);
    void publish(websiteId, agentsOnline);
  }

  async function publish(websiteId: number, agentsOnline: boolean) {
    // One object for all visitors: it is serialised once.
    const event = { event: "heartbeat" as const, data: { agentsOnline, conversation: null } };
    for (const [index, id] of listVisitors(websiteId).entries()) {
      if (index % sliceSize === sliceSize - 1) await nextTurn();
      bus.publishHere(`visitor:${websiteId}:${id}`, event);
    }
  }

  return {
    /** To be called when an agent comes online, goes away or leaves. */
    onChange(websiteId: number) {
      if (scheduled.has(websiteId)) return;
      scheduled.add(websiteId);
      setTimeout(compare, delayMs, websiteId).unref();
    },
  };
}
