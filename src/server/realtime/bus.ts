import { EventEmitter } from "node:events";
import type { Relay } from "#platform/redis/pubsub.ts";
import type { AgentEvent, VisitorEvent } from "#protocol/socket.ts";

/** What is published to whom. A topic names an audience; all of it may see the whole event. */
export type Topics = {
  [agents: `website:${number}`]: AgentEvent;
  [visitor: `visitor:${number}:${string}`]: VisitorEvent;
  /** to the sockets of a user: their memberships or sessions changed */
  [user: `user:${string}`]: "memberships" | "sessions";
};
export type Topic = keyof Topics;

export type Bus = {
  /** Tells this process at once, and the others soon. Never waits, never throws. */
  publish<T extends Topic>(topic: T, event: Topics[T]): void;
  /** Tells this process only: what each process finds out by itself. */
  publishHere<T extends Topic>(topic: T, event: Topics[T]): void;
  /** Returns how to stop. */
  subscribe<T extends Topic>(topic: T, listener: (event: Topics[T]) => void): () => void;
  /** Resolves when every subscription so far hears the other processes too, as far as they can be heard. */
  settled(): Promise<void>;
  /** Whether events of other processes may have been missed within the last two heartbeats: the database knows. */
  mayMiss(): boolean;
};

/**
 * Tells events within this process, and to others over the relay. Telling is best effort by design: a client that misses
 * one sees it by its numbers and asks again.
 * @param relay  null: this process is alone, or does not hear the others
 */
export function createBus(relay: Relay | null): Bus {
  const emitter = new EventEmitter().setMaxListeners(0);
  const channels = new Map<string, { topics: number; leave: () => void }>();

  function hear(line: string) {
    const topic = line.slice(0, line.indexOf(" "));
    // Most that is told to the visitors of a website is for the visitors of another process.
    if (emitter.listenerCount(topic) > 0) emitter.emit(topic, JSON.parse(line.slice(topic.length + 1)));
  }

  function enter(relay: Relay, name: string) {
    const channel = channels.get(name) ?? { topics: 0, leave: relay.subscribe(name, hear) };
    channel.topics++;
    channels.set(name, channel);
  }

  function leave(name: string) {
    const channel = channels.get(name);
    if (!channel || --channel.topics > 0) return;
    channels.delete(name);
    channel.leave();
  }

  return {
    publish(topic, event) {
      relay?.publish(channelOf(topic), `${topic} ${JSON.stringify(event)}`);
      emitter.emit(topic, event);
    },
    publishHere: (topic, event) => void emitter.emit(topic, event),
    subscribe(topic, listener) {
      emitter.on(topic, listener);
      if (relay) enter(relay, channelOf(topic));
      let left = false;
      return () => {
        if (left) return;
        left = true;
        emitter.off(topic, listener);
        leave(channelOf(topic));
      };
    },
    settled: async () => relay?.settled(),
    mayMiss: () => relay?.mayMiss() ?? true,
  };
}

/** A channel a website, not a visitor: docs/decisions/0007-redis.md counts what each costs. */
function channelOf(topic: Topic): string {
  const [audience, id] = topic.split(":");
  if (audience === "visitor") return `visitors:${id}`;
  return audience === "user" ? "users" : topic;
}
