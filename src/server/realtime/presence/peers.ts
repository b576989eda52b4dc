import { setTimeout as sleep } from "node:timers/promises";
import type { Relay } from "#platform/redis/pubsub.ts";

/**
 * What each process tells the others of itself, numbered, so that whoever missed something notices and asks for the
 * whole. Nothing of it is stored anywhere: a Redis that forgets everything has nothing to forget.
 */
type Told<Change, Whole> =
  /** every few seconds; lost: how much of what this process published went nowhere */
  | { kind: "alive"; number: number; lost: number }
  | { kind: "changes"; number: number; changes: Change[] }
  /** all that holds after the changes of that number */
  | { kind: "whole"; number: number; whole: Whole }
  /** asks for the whole; of null: of everybody */
  | { kind: "ask"; of: string | null }
  | { kind: "leaving" };

type Peer = { number: number | null; lost: number; silentBeats: number; isAsked: boolean };

type Listener<Change, Whole> = {
  /** all that this process has to tell */
  whole(): Whole;
  onChanges(peer: string, changes: Change[]): void;
  onWhole(peer: string, whole: Whole): void;
  /** The peer is gone. @param inOrder  it said so: its people may be on their way to another process */
  onGone(peer: string, inOrder: boolean): void;
};

export type Peers<Change> = {
  tell(change: Change): void;
  /** Resolves when whoever is there has had the time to answer the first question; at once while nobody can be heard. */
  settled(): Promise<void>;
  /** how many other processes are heard */
  count(): number;
  leave(): void;
};

const channel = "peers";
const beatMs = 3_000;
/** Counted in beats, not in time: a process that was frozen for a minute has not heard the others for one beat. */
const mostSilentBeats = 4;
/** Changes leave together. */
const collectMs = 50;
/** Several ask at once, when Redis is back. */
const askedMs = 200;

export function createPeers<Change, Whole>(relay: Relay, listener: Listener<Change, Whole>): Peers<Change> {
  const peers = new Map<string, Peer>();
  let number = 0;
  let changes: Change[] = [];
  let telling: NodeJS.Timeout | null = null;

  const unsubscribe = relay.subscribe(channel, (line, origin) => hear(origin, JSON.parse(line)));
  const send = (told: Told<Change, Whole>) => relay.publish(channel, JSON.stringify(told));

  function hear(origin: string, told: Told<Change, Whole>) {
    if (told.kind === "ask") return void ((told.of ?? relay.origin) === relay.origin && tellWholeSoon());
    if (told.kind === "leaving") return forget(origin, true);
    const peer = peers.get(origin) ?? { number: null, lost: 0, silentBeats: 0, isAsked: false };
    peers.set(origin, peer);
    peer.silentBeats = 0;
    switch (told.kind) {
      case "alive":
        if (told.lost !== peer.lost) relay.doubt();
        peer.lost = told.lost;
        return told.number === peer.number ? undefined : ask(origin, peer);
      case "changes":
        if (told.number !== (peer.number ?? Number.NaN) + 1) return ask(origin, peer);
        peer.number = told.number;
        return listener.onChanges(origin, told.changes);
      case "whole":
        peer.number = told.number;
        return listener.onWhole(origin, told.whole);
    }
  }

  function ask(origin: string, peer: Peer) {
    if (peer.number !== null) relay.doubt();
    peer.number = null;
    if (peer.isAsked) return;
    peer.isAsked = true;
    send({ kind: "ask", of: origin });
  }

  function forget(origin: string, inOrder: boolean) {
    if (!peers.delete(origin)) return;
    if (!inOrder) relay.doubt(); // it may have died between a commit and telling it
    listener.onGone(origin, inOrder);
  }

  function tellChanges() {
    if (changes.length) send({ kind: "changes", number: ++number, changes });
    changes = [];
  }

  const tellWhole = () => {
    telling = null;
    tellChanges();
    send({ kind: "whole", number, whole: listener.whole() });
  };

  function tellWholeSoon() {
    telling ??= setTimeout(tellWhole, askedMs).unref();
  }

  const tellAlive = () => {
    const { dropped, interruptions } = relay.status();
    send({ kind: "alive", number, lost: dropped + interruptions });
  };

  const beat = setInterval(() => {
    for (const [origin, peer] of peers) {
      peer.isAsked = false;
      if (++peer.silentBeats > mostSilentBeats) forget(origin, false);
    }
    tellAlive();
  }, beatMs).unref();

  const settled = askEverybody();
  async function askEverybody() {
    await relay.settled();
    send({ kind: "ask", of: null });
    tellAlive();
    if (relay.status().problem === null) await sleep(2 * askedMs, null, { ref: false });
  }

  return {
    tell(change) {
      if (changes.push(change) === 1) setTimeout(tellChanges, collectMs).unref();
    },
    settled: () => settled,
    count: () => peers.size,
    leave() {
      clearInterval(beat);
      if (telling) clearTimeout(telling);
      unsubscribe();
      tellChanges();
      send({ kind: "leaving" });
    },
  };
}
