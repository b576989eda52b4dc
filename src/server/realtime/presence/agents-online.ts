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
  /** by website whose change is waited for: the visitors who came meanwhile, and may have got another answer */
  const scheduled = new Map<number, Set<string>>();

  function compare(websiteId: number) {
    const newcomers = scheduled.get(websiteId)!;
    scheduled.delete(websiteId);
    const agentsOnline = hasAgents(websiteId);
    if (agentsOnline === online.has(websiteId)) return void publish(websiteId, [...newcomers], agentsOnline);
    if (agentsOnline) online.add(websiteId);
    else online.delete(websiteId);
    void publish(websiteId, listVisitors(websiteId), agentsOnline);
  }

  async function publish(websiteId: number, visitorIds: string[], agentsOnline: boolean) {
    // One object for all visitors: it is serialised once.
    const event = { event: "heartbeat" as const, data: { agentsOnline, conversation: null } };
    for (const [index, id] of visitorIds.entries()) {
      if (index % sliceSize === sliceSize - 1) await nextTurn();
      bus.publishHere(`visitor:${websiteId}:${id}`, event);
    }
  }

  return {
    /** To be called when a visitor connects, before the answer says whether an agent is online. */
    onVisitor(websiteId: number, visitorId: string) {
      scheduled.get(websiteId)?.add(visitorId);
    },
    /** To be called when an agent comes online, goes away or leaves. */
    onChange(websiteId: number) {
      if (scheduled.has(websiteId)) return;
      scheduled.set(websiteId, new Set());
      setTimeout(compare, delayMs, websiteId).unref();
    },
  };
}
