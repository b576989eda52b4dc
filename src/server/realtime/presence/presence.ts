import type { Relay } from "#platform/redis/pubsub.ts";
import type { Availability, ToldAvailability } from "#protocol/agents.ts";
import type { Page } from "#protocol/visitors.ts";
import type { Bus } from "#server/realtime/bus.ts";
import { createOpenings } from "./agents-online.ts";
import { createPeers } from "./peers.ts";
import { createRoster, type Roster, rosterOf, type Who, type Whole } from "./roster.ts";

/** Who is connected right now: to this process, and to the others as far as they are heard. */
export type Presence = {
  /** Counts a socket in; returns how to count it out. */
  enterVisitor(websiteId: number, visitorId: string, page: Page): () => void;
  movePage(websiteId: number, visitorId: string, page: Page): void;
  /** Who turns away, or back, enters anew and then leaves: nobody sees them go. */
  enterAgent(websiteId: number, userId: string, availability: ToldAvailability): () => void;
  isVisitorOnline(websiteId: number, visitorId: string): boolean;
  /** An agent is away when they are so by all of their sockets. */
  availabilityOf(websiteId: number, userId: string): Availability;
  /** whether somebody is there who is not away */
  hasAgents(websiteId: number): boolean;
  /** Resolves when the other processes have had the time to tell who is there; at once when they cannot be heard. */
  settled(): Promise<void>;
  /** how many other processes are heard */
  countPeers(): number;
  /** Tells the other processes that this one ends. */
  leave(): void;
};

/** What a process tells the others when somebody comes, moves on or leaves. */
type Change = Who & { here: boolean; page: Page | null };

/** A page that is left and the next that is opened are one visit. */
const leaveDelayMs = 5_000;

const nobody: Whole = { visitor: [], agent: [], awayAgent: [] };

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

  const openings = createOpenings(bus, { hasAgents, visitorsAt: websiteId => here.at("visitor", websiteId) });

  function isThere(who: Who): boolean {
    if (here.has(who)) return true;
    for (const roster of elsewhere.values()) if (roster.has(who)) return true;
    return false;
  }

  function hasAgents(websiteId: number): boolean {
    if (here.hasAny("agent", websiteId)) return true;
    for (const roster of elsewhere.values()) if (roster.hasAny("agent", websiteId)) return true;
    return false;
  }

  /** A visitor is never away. */
  function stateOf(who: Who): Availability {
    if (who.kind === "visitor") return isThere(who) ? "online" : "offline";
    if (isThere({ ...who, kind: "agent" })) return "online";
    return isThere({ ...who, kind: "awayAgent" }) ? "away" : "offline";
  }

  function apply(roster: Roster, { here, page, ...who }: Change) {
    const before = stateOf(who);
    if (here && !roster.has(who)) roster.enter(who);
    if (!here && roster.has(who)) roster.leave(who);
    tell(who, { before, page });
  }

  /** Nobody is told of those who stay. */
  function replace(peer: string, whole: Whole) {
    const after = rosterOf(whole);
    const affected = [...after.list(), ...(elsewhere.get(peer)?.list() ?? [])];
    const people = new Map(affected.map(who => [`${who.websiteId}:${who.id}`, { who, before: stateOf(who) }]));
    elsewhere.set(peer, after);
    for (const { who, before } of people.values()) tell(who, { before, page: null });
  }

  /** @param page  where the visitor has just gone; null: nowhere */
  function tell(who: Who, { before, page }: { before: Availability; page: Page | null }) {
    const { kind, websiteId, id } = who;
    const availability = stateOf(who);
    const online = availability !== "offline";
    if (availability === before && !(online && page)) return;
    bus.publishHere(
      `website:${websiteId}`,
      kind === "visitor"
        ? { event: "visitor.presence", data: { websiteId, visitorId: id, online, page } }
        : { event: "agent.presence", data: { websiteId, userId: id, availability } },
    );
    if (kind !== "visitor") openings.look(websiteId);
  }

  function enter(who: Who, page: Page | null) {
    const before = stateOf(who);
    const isNew = here.enter(who);
    if (isNew || page) peers?.tell({ ...who, here: true, page });
    tell(who, { before, page });
  }

  function leave(who: Who) {
    const before = stateOf(who);
    if (!here.leave(who)) return;
    peers?.tell({ ...who, here: false, page: null });
    tell(who, { before, page: null });
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
      tell(who, { before: "online", page });
    },
    enterAgent(websiteId, id, availability) {
      const who = { kind: availability === "away" ? "awayAgent" : "agent", websiteId, id } as const;
      enter(who, null);
      return () => leave(who);
    },
    isVisitorOnline: (websiteId, id) => isThere({ kind: "visitor", websiteId, id }),
    availabilityOf: (websiteId, id) => stateOf({ kind: "agent", websiteId, id }),
    hasAgents,
    settled: async () => peers?.settled(),
    countPeers: () => peers?.count() ?? 0,
    leave: () => peers?.leave(),
  };
}
