import { setTimeout as sleep } from "node:timers/promises";
import type { PubSub } from "#platform/redis/pubsub.ts";

/**
 * What a process publishes about itself, numbered: a process that missed a message sees the gap and asks for a snapshot.
 * Nothing is stored in Redis, so a Redis that loses its data loses nothing of this.
 */
type PeerMessage<Change, Snapshot> =
  /** every few seconds; lost: the number of this process's messages that were dropped */
  | { kind: "alive"; number: number; lost: number }
  | { kind: "changes"; number: number; changes: Change[] }
  /** the state after the changes of that number */
  | { kind: "whole"; number: number; whole: Snapshot }
  /** asks for the snapshot of one process; null: of all */
  | { kind: "ask"; of: string | null }
  | { kind: "leaving" };

type Peer = { number: number | null; lost: number; silentHeartbeats: number; isAsked: boolean };

type Listener<Change, Snapshot> = {
  /** the state of this process */
  snapshot(): Snapshot;
  onChanges(processId: string, changes: Change[]): void;
  onSnapshot(processId: string, snapshot: Snapshot): void;
  /** @param isLeaving  the process announced it: its clients may be reconnecting to another one */
  onPeerLost(processId: string, isLeaving: boolean): void;
};

export type Peers<Change> = {
  publish(change: Change): void;
  /** Resolves after other processes had time to send their snapshot; immediately if Redis is down. */
  ready(): Promise<void>;
  /** other processes that are reachable */
  count(): number;
  leave(): void;
};

const channel = "peers";
const heartbeatMs = 3_000;
/** Counted in heartbeats, not in time: a process that was frozen for a minute missed one heartbeat of the others. */
const maxSilentHeartbeats = 4;
/** Changes of this time are published together. */
const collectMs = 50;
/** When Redis is back, several processes ask at the same moment: one snapshot answers all. */
const answerDelayMs = 200;

export const createPeers = <Change, Snapshot>(pubsub: PubSub, listener: Listener<Change, Snapshot>): Peers<Change> =>
  new PubSubPeers(pubsub, listener);

class PubSubPeers<Change, Snapshot> implements Peers<Change> {
  private readonly pubsub: PubSub;
  private readonly listener: Listener<Change, Snapshot>;
  private readonly peers = new Map<string, Peer>();
  private readonly unsubscribe: () => void;
  private readonly heartbeat: NodeJS.Timeout;
  private readonly isReady: Promise<void>;
  /** the number of the last published changes */
  private number = 0;
  private changes: Change[] = [];
  private snapshotTimer: NodeJS.Timeout | null = null;

  constructor(pubsub: PubSub, listener: Listener<Change, Snapshot>) {
    this.pubsub = pubsub;
    this.listener = listener;
    this.unsubscribe = pubsub.subscribe(channel, (text, processId) => this.handle(processId, JSON.parse(text)));
    this.heartbeat = setInterval(() => this.onHeartbeat(), heartbeatMs).unref();
    this.isReady = this.askAll();
  }

  publish(change: Change): void {
    if (this.changes.push(change) === 1) setTimeout(() => this.publishChanges(), collectMs).unref();
  }

  ready(): Promise<void> {
    return this.isReady;
  }

  count(): number {
    return this.peers.size;
  }

  leave(): void {
    clearInterval(this.heartbeat);
    if (this.snapshotTimer) clearTimeout(this.snapshotTimer);
    this.unsubscribe();
    this.publishChanges();
    this.send({ kind: "leaving" });
  }

  private handle(processId: string, message: PeerMessage<Change, Snapshot>) {
    if (message.kind === "ask") return this.onAsk(message.of);
    if (message.kind === "leaving") return this.forget(processId, true);
    const peer = this.peers.get(processId) ?? { number: null, lost: 0, silentHeartbeats: 0, isAsked: false };
    this.peers.set(processId, peer);
    peer.silentHeartbeats = 0;
    switch (message.kind) {
      case "alive":
        if (message.lost !== peer.lost) this.pubsub.markPossiblyMissed();
        peer.lost = message.lost;
        return message.number === peer.number ? undefined : this.ask(processId, peer);
      case "changes":
        if (message.number !== (peer.number ?? Number.NaN) + 1) return this.ask(processId, peer);
        peer.number = message.number;
        return this.listener.onChanges(processId, message.changes);
      case "whole":
        peer.number = message.number;
        return this.listener.onSnapshot(processId, message.whole);
    }
  }

  private onAsk(of: string | null) {
    if (of !== null && of !== this.pubsub.processId) return;
    this.snapshotTimer ??= setTimeout(() => this.publishSnapshot(), answerDelayMs).unref();
  }

  private onHeartbeat() {
    for (const [processId, peer] of this.peers) {
      peer.isAsked = false;
      if (++peer.silentHeartbeats > maxSilentHeartbeats) this.forget(processId, false);
    }
    this.publishAlive();
  }

  private ask(processId: string, peer: Peer) {
    if (peer.number !== null) this.pubsub.markPossiblyMissed();
    peer.number = null;
    if (peer.isAsked) return;
    peer.isAsked = true;
    this.send({ kind: "ask", of: processId });
  }

  private async askAll() {
    await this.pubsub.ready();
    this.send({ kind: "ask", of: null });
    this.publishAlive();
    if (this.pubsub.status().problem === null) await sleep(2 * answerDelayMs, null, { ref: false });
  }

  private forget(processId: string, isLeaving: boolean) {
    if (!this.peers.delete(processId)) return;
    // It may have died between a commit and the publishing of its events.
    if (!isLeaving) this.pubsub.markPossiblyMissed();
    this.listener.onPeerLost(processId, isLeaving);
  }

  private publishChanges() {
    if (this.changes.length) this.send({ kind: "changes", number: ++this.number, changes: this.changes });
    this.changes = [];
  }

  private publishSnapshot() {
    this.snapshotTimer = null;
    this.publishChanges();
    this.send({ kind: "whole", number: this.number, whole: this.listener.snapshot() });
  }

  private publishAlive() {
    const { dropped, interruptions } = this.pubsub.status();
    this.send({ kind: "alive", number: this.number, lost: dropped + interruptions });
  }

  private send(message: PeerMessage<Change, Snapshot>) {
    this.pubsub.publish(channel, JSON.stringify(message));
  }
}
