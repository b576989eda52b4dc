import { setImmediate as nextTurn } from "node:timers/promises";
import type { Bus } from "#server/realtime/bus.ts";

/** An agent who loads the page again, or comes back after a restart with all the others, is not news. */
const settleMs = 3_000;
/** told in one turn of the event loop */
const slice = 500;

type Known = { hasAgents(websiteId: number): boolean; visitorsAt(websiteId: number): string[] };

/**
 * Tells a website's visitors at this process when its first agent comes or its last one goes, which their next heartbeat
 * would have told them too: a visitor who connects before the agents, after a restart, is not to read for half a minute
 * that nobody is there.
 */
export function createOpenings(bus: Bus, { hasAgents, visitorsAt }: Known) {
  /** websites whose visitors know of an agent */
  const open = new Set<number>();
  const looking = new Set<number>();

  function settle(websiteId: number) {
    looking.delete(websiteId);
    const agentsOnline = hasAgents(websiteId);
    if (agentsOnline === open.has(websiteId)) return;
    if (agentsOnline) open.add(websiteId);
    else open.delete(websiteId);
    void tell(websiteId, agentsOnline);
  }

  async function tell(websiteId: number, agentsOnline: boolean) {
    // One for all: it is put into bytes once.
    const event = { event: "heartbeat" as const, data: { agentsOnline, conversation: null } };
    for (const [index, id] of visitorsAt(websiteId).entries()) {
      if (index % slice === slice - 1) await nextTurn();
      bus.publishHere(`visitor:${websiteId}:${id}`, event);
    }
  }

  return {
    /** To be called when an agent came, went, or turned away. */
    look(websiteId: number) {
      if (looking.has(websiteId)) return;
      looking.add(websiteId);
      setTimeout(settle, settleMs, websiteId).unref();
    },
  };
}
