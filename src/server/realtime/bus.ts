import { EventEmitter } from "node:events";
import type { PubSub } from "#platform/redis/pubsub.ts";
import type { AgentEvent, VisitorEvent } from "#protocol/socket.ts";

/** The events by topic. A topic is an audience; everyone in it may see the whole event. */
export type Topics = {
  [agents: `website:${number}`]: AgentEvent;
  [visitor: `visitor:${number}:${string}`]: VisitorEvent;
  /** for the agents who watch a visitor: the pages that the visitor opens, which each process finds by itself */
  [watchers: `watched:${number}:${string}`]: AgentEvent;
  /** for the connections of a user: their memberships or sessions changed */
  [user: `user:${string}`]: "memberships" | "sessions";
  /** for all processes: the allowed origins or the identity secret of this website changed */
  "website-access": number;
  /** for all processes: the row of this logged-in visitor was deleted, or brought back */
  "visitor-row": { websiteId: number; externalId: string };
};
export type Topic = keyof Topics;

export type Bus = {
  /** Publishes to this process at once, and to the others soon. Never waits, never throws. */
  publish<T extends Topic>(topic: T, event: Topics[T]): void;
  /** Publishes to this process only, for events that each process finds by itself. */
  publishHere<T extends Topic>(topic: T, event: Topics[T]): void;
  /** @returns how to stop */
  subscribe<T extends Topic>(topic: T, listener: (event: Topics[T]) => void): () => void;
  /** Resolves when every subscription so far also gets the events of other processes, if they are reachable. */
  ready(): Promise<void>;
  /** True if events of other processes may have been lost within the last two heartbeats: ask the database then. */
  mayHaveMissedEvents(): boolean;
};

/**
 * Delivers events within this process, and to others over pub/sub. Best effort by design: a client that misses an event
 * notices it by the numbers and requests it.
 * @param pubsub  null: there is no other process, or no Redis
 */
export function createBus(pubsub: PubSub | null): Bus {
  const emitter = new EventEmitter().setMaxListeners(0);
  const channels = new Map<string, { topics: number; leave: () => void }>();

  function receive(message: string) {
    const topic = message.slice(0, message.indexOf(" "));
    // Most events for a website's visitors are for visitors of another process: do not parse those.
    if (emitter.listenerCount(topic) > 0) emitter.emit(topic, JSON.parse(message.slice(topic.length + 1)));
  }

  function join(pubsub: PubSub, name: string) {
    const channel = channels.get(name) ?? { topics: 0, leave: pubsub.subscribe(name, receive) };
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
      pubsub?.publish(channelOf(topic), `${topic} ${JSON.stringify(event)}`);
      emitter.emit(topic, event);
    },
    publishHere: (topic, event) => void emitter.emit(topic, event),
    subscribe(topic, listener) {
      emitter.on(topic, listener);
      if (pubsub) join(pubsub, channelOf(topic));
      let hasLeft = false;
      return () => {
        if (hasLeft) return;
        hasLeft = true;
        emitter.off(topic, listener);
        leave(channelOf(topic));
      };
    },
    ready: async () => pubsub?.ready(),
    mayHaveMissedEvents: () => pubsub?.mayHaveMissedEvents() ?? true,
  };
}

/** A channel for each website, not for each visitor: docs/decisions/0007-redis.md counts what each costs. */
function channelOf(topic: Topic): string {
  const [audience, id] = topic.split(":");
  if (audience === "visitor") return `visitors:${id}`;
  if (audience === "watched") return `website:${id}`;
  return audience === "user" ? "users" : topic;
}
