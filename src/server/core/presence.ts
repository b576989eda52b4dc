import type { Page } from "#protocol/frames.ts";
import type { Bus } from "./bus.ts";

/** Who is connected to this process right now. */
export type Presence = {
  /** Counts a socket in; returns how to count it out. */
  enterVisitor(websiteId: number, visitorId: string, page: Page): () => void;
  movePage(websiteId: number, visitorId: string, page: Page): void;
  enterAgent(websiteId: number, userId: string): () => void;
  isVisitorOnline(websiteId: number, visitorId: string): boolean;
  isAgentOnline(websiteId: number, userId: string): boolean;
  hasAgents(websiteId: number): boolean;
};

/** A page that is left and the next that is opened are one visit. */
const leaveDelayMs = 5_000;

export function createPresence(bus: Bus): Presence {
  const visitors = new Map<string, number>();
  const agents = new Map<number, Map<string, number>>();

  const tellVisitor = (websiteId: number, visitorId: string, online: boolean, page: Page | null) =>
    bus.publish(`website:${websiteId}`, {
      event: "visitor.presence",
      data: { websiteId, visitorId, online, page },
    });

  return {
    enterVisitor(websiteId, visitorId, page) {
      const key = `${websiteId}:${visitorId}`;
      visitors.set(key, (visitors.get(key) ?? 0) + 1);
      tellVisitor(websiteId, visitorId, true, page);
      return () => {
        setTimeout(() => {
          const sockets = visitors.get(key)! - 1;
          if (sockets > 0) return void visitors.set(key, sockets);
          visitors.delete(key);
          tellVisitor(websiteId, visitorId, false, null);
        }, leaveDelayMs).unref();
      };
    },
    movePage: (websiteId, visitorId, page) => tellVisitor(websiteId, visitorId, true, page),
    enterAgent(websiteId, userId) {
      const here = agents.get(websiteId) ?? new Map<string, number>();
      agents.set(websiteId, here);
      const tell = (online: boolean) =>
        bus.publish(`website:${websiteId}`, { event: "agent.presence", data: { websiteId, userId, online } });
      here.set(userId, (here.get(userId) ?? 0) + 1);
      if (here.get(userId) === 1) tell(true);
      return () => {
        const sockets = here.get(userId)! - 1;
        if (sockets > 0) return void here.set(userId, sockets);
        here.delete(userId);
        if (here.size === 0) agents.delete(websiteId);
        tell(false);
      };
    },
    isVisitorOnline: (websiteId, visitorId) => visitors.has(`${websiteId}:${visitorId}`),
    isAgentOnline: (websiteId, userId) => agents.get(websiteId)?.has(userId) ?? false,
    hasAgents: websiteId => agents.has(websiteId),
  };
}
