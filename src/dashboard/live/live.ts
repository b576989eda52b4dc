import type { QueryClient } from "@tanstack/react-query";
import { openAgent } from "#client/agent.ts";
import { agentOutboxPrefix } from "#client/outbox.ts";
import { isTransient } from "#client/sender.ts";
import { areaOf, openStorage } from "#client/storage.ts";
import type { Sync } from "#client/sync.ts";
import { api, isSessionGone } from "#dashboard/data/api.ts";
import type { Conversation } from "#protocol/conversations.ts";
import type { InboxCounts } from "#protocol/inbox.ts";
import type { AgentEvent } from "#protocol/socket.ts";
import { createAvailability, type OwnAvailability } from "./availability.ts";
import { createVersionCheck } from "./newer-versions.ts";
import { applyToQueries, refreshQueries } from "./query-events.ts";

/** What a signed-in user sees change, over one socket. */
export type Live = {
  sync: Sync<Conversation>;
  availability: OwnAvailability;
  /** Why the server does not accept this page, where waiting does not help; null while it does. */
  getRefusal(): string | null;
  /** Loads a conversation's newest messages, once. */
  open(websiteId: number, conversationId: string): Promise<void>;
  /** Asks for the pages that a visitor opens, of one visitor at a time. Returns how to stop. */
  watchVisitor(visitor: { websiteId: number; visitorId: string }): () => void;
  /** Calls back when lists may have missed something and should load again; returns how to stop. */
  onStale(listener: () => void): () => void;
  /** Returns how to stop. */
  onEvent(listener: (event: AgentEvent) => void): () => void;
  close(): void;
};

export function createLive(userId: string, queries: QueryClient, onSessionGone: () => void): Live {
  const stale = createListeners<void>();
  const events = createListeners<AgentEvent>();
  const websites = new Map<string, number>();
  const availability = createAvailability(userId);
  let wasOnline = false;
  let refusal: string | null = null;

  const agent = openAgent({
    ...connectionOf(userId),
    availability: () => availability.get().now,
    websiteOf: conversationId => websites.get(conversationId),
    onRefused(error) {
      const isGone = isSessionGone({ ...error, status: 401 });
      if (isGone) onSessionGone();
      else if (!isTransient(error)) refusal = error.message;
      return !isGone && !refusal;
    },
    onOnline() {
      stale.notify();
      refreshQueries(queries, wasOnline);
      if (wasOnline) loadCounts(sync);
      wasOnline = true;
    },
    onEvent(event) {
      applyToQueries(queries, event);
      if (event.event === "heartbeat" && hasNewerVersion(event.data)) stale.notify();
      events.notify(event);
    },
  });
  const { sync } = agent;
  const hasNewerVersion = createVersionCheck(id => sync.getState().conversations[id]?.version ?? 0);
  availability.subscribe(agent.sendAvailability);

  function open(websiteId: number, conversationId: string) {
    websites.set(conversationId, websiteId);
    return sync.open(conversationId);
  }
  function close() {
    availability.close();
    sync.close();
  }
  const { watchVisitor } = agent;
  return {
    sync,
    availability,
    getRefusal: () => refusal,
    open,
    watchVisitor,
    onStale: stale.add,
    onEvent: events.add,
    close,
  };
}

const connectionOf = (userId: string) => ({
  url: location.origin,
  userId,
  api,
  outbox: openStorage(areaOf("localStorage"), agentOutboxPrefix(userId)),
});

/** Loads the counts that are held again. If a request fails, the next event or heartbeat brings them. */
function loadCounts(sync: Sync<Conversation>): void {
  for (const websiteId of Object.keys(sync.getState().counts).map(Number)) {
    api<InboxCounts>("GET", `/websites/${websiteId}/inbox/counts`).then(
      counts => sync.apply({ event: "counts.loaded", data: { websiteId, counts } }),
      () => {},
    );
  }
}

function createListeners<Event>() {
  const listeners = new Set<(event: Event) => void>();
  return {
    /** Returns how to remove it. */
    add(listener: (event: Event) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    notify(event: Event): void {
      for (const listener of listeners) listener(event);
    },
  };
}
