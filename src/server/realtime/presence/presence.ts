import type { PubSub } from "#platform/redis/pubsub.ts";
import type { Availability, ToldAvailability } from "#protocol/agents.ts";
import type { Page } from "#protocol/visitors.ts";
import type { Bus } from "#server/realtime/bus.ts";
import { createAgentsOnline } from "./agents-online.ts";
import { createPeers, type Peers } from "./peers.ts";
import { createRoster, type PresenceEntry, type PresenceSnapshot, type Roster, rosterOf } from "./roster.ts";

/** The people who are connected now, to this process and to the others that are reachable. */
export type Presence = {
  /** Counts a connection of a visitor. @returns ends the count */
  joinVisitor(websiteId: number, visitorId: string, page: Page): () => void;
  /** Publishes a visitor's page to the agents who watch them; of several pages in a second, the last one. */
  movePage(websiteId: number, visitorId: string, page: Page): void;
  /**
   * Counts a connection of an agent. To change their availability, join with the new one first, then leave the old one:
   * the agent never appears offline. @returns leaves
   */
  joinAgent(websiteId: number, userId: string, availability: ToldAvailability): () => void;
  isVisitorOnline(websiteId: number, visitorId: string): boolean;
  /** An agent is away when all of their connections are. */
  availabilityOf(websiteId: number, userId: string): Availability;
  /** whether an agent is online and not away */
  hasAgents(websiteId: number): boolean;
  /** Resolves after the other processes had time to send their snapshots; immediately if they are not reachable. */
  ready(): Promise<void>;
  /** other processes that are reachable */
  countPeers(): number;
  /** Announces to the other processes that this one stops. */
  leave(): void;
};

/** What a process publishes when a visitor or agent joins, opens another page or leaves. */
type Change = PresenceEntry & { here: boolean; page: Page | null };

/** A visitor who opens another page disconnects and connects again: within this time they stay online. */
const leaveDelayMs = 5_000;
/** A page can call for another one many times a second. Agents need the page that the visitor stays on. */
const moveDelayMs = 1_000;

const noEntries: PresenceSnapshot = { visitor: [], agent: [], awayAgent: [] };

/** @param pubsub  null: there is no other process, or no Redis */
export const createPresence = (bus: Bus, pubsub: PubSub | null): Presence => new SharedPresence(bus, pubsub);

/**
 * Each process holds a copy of the entries of every other one. A lookup reads maps in memory; an idle visitor costs no timer
 * and no Redis command. Each process notifies its own agents.
 */
class SharedPresence implements Presence {
  private readonly bus: Bus;
  private readonly here = createRoster();
  private readonly elsewhere = new Map<string, Roster>();
  private readonly peers: Peers<Change> | null;
  private readonly agentsOnline: ReturnType<typeof createAgentsOnline>;
  /** the pages that are published when the timer ends, by website and visitor */
  private moves = new Map<string, { entry: PresenceEntry; page: Page }>();

  constructor(bus: Bus, pubsub: PubSub | null) {
    this.bus = bus;
    this.peers = pubsub && this.connect(pubsub);
    this.agentsOnline = createAgentsOnline(bus, {
      hasAgents: websiteId => this.hasAgents(websiteId),
      listVisitors: websiteId => this.here.listIds("visitor", websiteId),
    });
  }

  joinVisitor(websiteId: number, id: string, page: Page): () => void {
    const entry = { kind: "visitor", websiteId, id } as const;
    this.join(entry);
    this.movePage(websiteId, id, page);
    this.agentsOnline.onVisitor(websiteId, id);
    return () => void setTimeout(() => this.leaveHere(entry), leaveDelayMs).unref();
  }

  movePage(websiteId: number, id: string, page: Page): void {
    if (this.moves.size === 0) setTimeout(() => this.publishMoves(), moveDelayMs).unref();
    this.moves.set(`${websiteId}:${id}`, { entry: { kind: "visitor", websiteId, id }, page });
  }

  joinAgent(websiteId: number, id: string, availability: ToldAvailability): () => void {
    const entry = { kind: availability === "away" ? "awayAgent" : "agent", websiteId, id } as const;
    this.join(entry);
    return () => this.leaveHere(entry);
  }

  isVisitorOnline(websiteId: number, id: string): boolean {
    return this.isConnected({ kind: "visitor", websiteId, id });
  }

  availabilityOf(websiteId: number, id: string): Availability {
    return this.stateOf({ kind: "agent", websiteId, id });
  }

  hasAgents(websiteId: number): boolean {
    if (this.here.hasAny("agent", websiteId)) return true;
    for (const roster of this.elsewhere.values()) if (roster.hasAny("agent", websiteId)) return true;
    return false;
  }

  async ready(): Promise<void> {
    await this.peers?.ready();
  }

  countPeers(): number {
    return this.peers?.count() ?? 0;
  }

  leave(): void {
    this.peers?.leave();
  }

  private connect(pubsub: PubSub): Peers<Change> {
    return createPeers<Change, PresenceSnapshot>(pubsub, {
      snapshot: () => this.here.snapshot(),
      onChanges: (processId, changes) => {
        for (const change of changes) this.apply(this.elsewhere.get(processId)!, change);
      },
      onSnapshot: (processId, snapshot) => this.replace(processId, snapshot),
      onPeerLost: (processId, isLeaving) => {
        const drop = () => {
          this.replace(processId, noEntries);
          this.elsewhere.delete(processId);
        };
        // The clients of a process that stops reconnect to another one.
        if (isLeaving) setTimeout(drop, leaveDelayMs).unref();
        else drop();
      },
    });
  }

  private isConnected(entry: PresenceEntry): boolean {
    if (this.here.has(entry)) return true;
    for (const roster of this.elsewhere.values()) if (roster.has(entry)) return true;
    return false;
  }

  /** A visitor is never away. */
  private stateOf(entry: PresenceEntry): Availability {
    if (entry.kind === "visitor") return this.isConnected(entry) ? "online" : "offline";
    if (this.isConnected({ ...entry, kind: "agent" })) return "online";
    return this.isConnected({ ...entry, kind: "awayAgent" }) ? "away" : "offline";
  }

  private join(entry: PresenceEntry) {
    const before = this.stateOf(entry);
    if (this.here.join(entry)) this.peers?.publish({ ...entry, here: true, page: null });
    this.notifyAgents(entry, before);
  }

  private publishMoves() {
    const moves = this.moves.values();
    this.moves = new Map();
    for (const { entry, page } of moves) {
      if (!this.here.has(entry)) continue;
      this.peers?.publish({ ...entry, here: true, page });
      this.notifyWatchers(entry, page);
    }
  }

  private leaveHere(entry: PresenceEntry) {
    const before = this.stateOf(entry);
    if (!this.here.leave(entry)) return;
    this.peers?.publish({ ...entry, here: false, page: null });
    this.notifyAgents(entry, before);
  }

  private apply(roster: Roster, { here, page, ...entry }: Change) {
    const before = this.stateOf(entry);
    if (here && !roster.has(entry)) roster.join(entry);
    if (!here && roster.has(entry)) roster.leave(entry);
    this.notifyAgents(entry, before);
    if (page) this.notifyWatchers(entry, page);
  }

  /** Agents are notified of the people whose state changed, not of those who stay. */
  private replace(processId: string, snapshot: PresenceSnapshot) {
    const after = rosterOf(snapshot);
    const affected = [...after.list(), ...(this.elsewhere.get(processId)?.list() ?? [])];
    const people = new Map(
      affected.map(entry => [`${entry.websiteId}:${entry.id}`, { entry, before: this.stateOf(entry) }]),
    );
    this.elsewhere.set(processId, after);
    for (const { entry, before } of people.values()) this.notifyAgents(entry, before);
  }

  private notifyAgents(entry: PresenceEntry, before: Availability) {
    const { kind, websiteId, id } = entry;
    const availability = this.stateOf(entry);
    if (availability === before) return;
    this.bus.publishHere(
      `website:${websiteId}`,
      kind === "visitor"
        ? presenceOf(entry, availability !== "offline", null)
        : { event: "agent.presence", data: { websiteId, userId: id, availability } },
    );
    if (kind !== "visitor") this.agentsOnline.onChange(websiteId);
  }

  private notifyWatchers(entry: PresenceEntry, page: Page) {
    this.bus.publishHere(`watched:${entry.websiteId}:${entry.id}`, presenceOf(entry, true, page));
  }
}

const presenceOf = ({ websiteId, id }: PresenceEntry, online: boolean, page: Page | null) => ({
  event: "visitor.presence" as const,
  data: { websiteId, visitorId: id, online, page },
});
