import { EventEmitter } from "node:events";
import type { AgentEvent, VisitorEvent } from "#protocol/frames.ts";

/** What is told to whom. Topics name an audience; everybody in it may see the whole event. */
type Topics = {
  [agents: `website:${number}`]: AgentEvent;
  [visitor: `visitor:${number}:${string}`]: VisitorEvent;
  /** to the sockets of a user: their memberships or sessions changed */
  [user: `user:${string}`]: "memberships" | "sessions";
};
export type Topic = keyof Topics;

export type Bus = {
  publish<T extends Topic>(topic: T, event: Topics[T]): void;
  /** Returns how to stop. */
  subscribe<T extends Topic>(topic: T, listener: (event: Topics[T]) => void): () => void;
  /**
   * Whether other servers may have told something since the last heartbeat that was not heard here. Absent: they may,
   * for nothing tells events between processes; heartbeats then ask the database.
   */
  mayMiss?(): boolean;
};

/**
 * Tells events within this process. Telling is best effort by design: a client that misses one sees it by its numbers
 * and asks again.
 */
export function createBus(): Bus {
  const emitter = new EventEmitter().setMaxListeners(0);
  return {
    publish: (topic, event) => void emitter.emit(topic, event),
    subscribe(topic, listener) {
      emitter.on(topic, listener);
      return () => emitter.off(topic, listener);
    },
  };
}
