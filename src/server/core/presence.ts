import type { Page } from "#protocol/frames.ts";
import type { Bus } from "./bus.ts";
import { createPeers } from "./peers.ts";
import type { Relay } from "./redis/relay.ts";
import { createRoster, type Roster, rosterOf, type Who, type Whole } from "./roster.ts";

/** Who is connected right now: to this process, and to the others as far as they are heard. */
export type Presence = {
  /** Counts a socket in; returns how to count it out. */
  enterVisitor(websiteId: number, visitorId: string, page: Page): () => void;
  movePage(websiteId: number, visitorId: string, page: Page): void;
  enterAgent(websiteId: number, userId: string): () => void;
  isVisitorOnline(websiteId: number, visitorId: string): boolean;
  isAgentOnline(websiteId: number, userId: string): boolean;
  hasAgents(websiteId: number): boolean;
  /** how many other processes are heard */
  countPeers(): number;
  /** Tells the other processes that this one ends. */
  leave(): void;
};

/** What a process tells the others when somebody comes, moves on or leaves. */
type Change = Who & { here: boolean; page: Page | null };

/** A page that is left and the next that is opened are one visit. */
const leaveDelayMs = 5_000;

const nobody: Whole = { visitor: [], agent: [] };

/**
 * Every process holds who is at every other: so asking is a look into maps, and an idle visitor costs no timer and no
 * command. Each process tells its own agents what changes for them.
 * @param relay  null: this process is alone, or does not hear the others
 */
export function createPresence(bus: Bus, relay: Relay | null): Presence {
  const here = createRoster();
  const elsewhere = new Map<string, Roster>();

  const peers =
    relay &&
    createPeers<Change, Whole>(relay, {
      whole: here.whole,
      onChanges(peer, changes) {
        for (const change of changes) apply(elsewhere.get(peer)!, change);
      },
      onWhole: replace,
      onGone(peer, inOrder) {
        const drop = () => {
          replace(peer, nobody);
          elsewhere.delete(peer);
        };
        // They are on their way to another process.
        if (inOrder) setTimeout(drop, leaveDelayMs).unref();
        else drop();
      },
    });

  function isOnline(who: Who): boolean {
    if (here.has(who)) return true;
    for (const roster of elsewhere.values()) if (roster.has(who)) return true;
    return false;
  }

  function apply(roster: Roster, { here, page, ...who }: Change) {
    const wasOnline = isOnline(who);
    if (here && !roster.has(who)) roster.enter(who);
    if (!here && roster.has(who)) roster.leave(who);
    tellAgents(who, { wasOnline, page });
  }

  /** Nobody is told of those who stay. */
  function replace(peer: string, whole: Whole) {
    const after = rosterOf(whole);
    const left = elsewhere.get(peer)?.list() ?? [];
    const came = after.list().filter(who => !isOnline(who));
    elsewhere.set(peer, after);
    for (const who of came) tellAgents(who, { wasOnline: false, page: null });
    for (const who of left) tellAgents(who, { wasOnline: true, page: null });
  }

  /** @param page  where the visitor has just gone; null: nowhere */
  function tellAgents(who: Who, { wasOnline, page }: { wasOnline: boolean; page: Page | null }) {
    const { kind, websiteId, id } = who;
    const online = isOnline(who);
    if (online === wasOnline && !(online && page)) return;
    bus.publishHere(
      `website:${websiteId}`,
      kind === "visitor"
        ? { event: "visitor.presence", data: { websiteId, visitorId: id, online, page } }
        : { event: "agent.presence", data: { websiteId, userId: id, online } },
    );
  }

  function enter(who: Who, page: Page | null) {
    const wasOnline = isOnline(who);
    const isNew = here.enter(who);
    if (isNew || page) peers?.tell({ ...who, here: true, page });
    tellAgents(who, { wasOnline, page });
  }

  function leave(who: Who) {
    if (!here.leave(who)) return;
    peers?.tell({ ...who, here: false, page: null });
    tellAgents(who, { wasOnline: true, page: null });
  }

  return {
    enterVisitor(websiteId, id, page) {
      const who = { kind: "visitor", websiteId, id } as const;
      enter(who, page);
      return () => void setTimeout(() => leave(who), leaveDelayMs).unref();
    },
    movePage(websiteId, id, page) {
      const who = { kind: "visitor", websiteId, id } as const;
      peers?.tell({ ...who, here: true, page });
      tellAgents(who, { wasOnline: true, page });
    },
    enterAgent(websiteId, id) {
      const who = { kind: "agent", websiteId, id } as const;
      enter(who, null);
      return () => leave(who);
    },
    isVisitorOnline: (websiteId, id) => isOnline({ kind: "visitor", websiteId, id }),
    isAgentOnline: (websiteId, id) => isOnline({ kind: "agent", websiteId, id }),
    hasAgents: websiteId => [here, ...elsewhere.values()].some(roster => roster.hasAny("agent", websiteId)),
    countPeers: () => peers?.count() ?? 0,
    leave: () => peers?.leave(),
  };
}
