import type { QueryClient } from "@tanstack/react-query";
import { openAgent } from "#client/agent.ts";
import { agentOutboxPrefix } from "#client/outbox.ts";
import { areaOf, openStorage } from "#client/storage.ts";
import type { Sync } from "#client/sync.ts";
import { isAgentHeld, patchAgent } from "#dashboard/data/agents.ts";
import { api, isSessionGone } from "#dashboard/data/api.ts";
import { meOptions } from "#dashboard/data/me.ts";
import type { Conversation } from "#protocol/conversations.ts";
import type { Head, InboxCounts } from "#protocol/inbox.ts";
import type { AgentEvent } from "#protocol/socket.ts";
import { createAvailability, type OwnAvailability } from "./availability.ts";

/** All that a signed-in user hears of, over one socket. */
export type Live = {
  sync: Sync<Conversation>;
  availability: OwnAvailability;
  /** Loads a conversation's newest messages, once. */
  open(websiteId: number, conversationId: string): Promise<void>;
  /** Calls back when lists may have missed something and should load again; returns how to stop. */
  onStale(listener: () => void): () => void;
  onEvent(listener: (event: AgentEvent) => void): () => void;
  close(): void;
};

export function createLive(userId: string, queries: QueryClient, onSessionGone: () => void): Live {
  const staleListeners = new Set<() => void>();
  const eventListeners = new Set<(event: AgentEvent) => void>();
  /** The newest versions that heartbeats told of: each is news once. */
  const told = new Map<string, number>();
  const websites = new Map<string, number>();
  let wasOnline = false;
  const availability = createAvailability(userId);

  const agent = openAgent({
    url: location.origin,
    userId,
    api,
    outbox: openStorage(areaOf("localStorage"), agentOutboxPrefix(userId)),
    availability: () => availability.get().now,
    websiteOf: conversationId => websites.get(conversationId),
    onRefused(error) {
      const gone = isSessionGone({ ...error, status: 401 });
      if (gone) onSessionGone();
      return !gone;
    },
    onOnline() {
      for (const listener of staleListeners) listener();
      // Who is online changed while nobody told us; on the first hello we ourselves came online, which the answer that is
      // on its way may not say yet.
      void queries
        .cancelQueries({ queryKey: ["agents"] })
        .then(() => queries.invalidateQueries({ queryKey: ["agents"] }));
      void queries.invalidateQueries({ queryKey: ["conversation"] });
      if (wasOnline) {
        for (const websiteId of Object.keys(sync.getState().counts)) void loadCounts(Number(websiteId));
        void queries.invalidateQueries({ queryKey: meOptions.queryKey });
      }
      wasOnline = true;
    },
    onEvent(event) {
      handle(event);
      for (const listener of eventListeners) listener(event);
    },
  });
  const { sync } = agent;
  availability.subscribe(agent.sendAvailability);

  function handle(event: AgentEvent) {
    switch (event.event) {
      case "agent.presence": {
        const { websiteId, userId, availability } = event.data;
        if (isAgentHeld(queries, websiteId, userId)) {
          return patchAgent(queries, websiteId, userId, agent => ({ ...agent, availability }));
        }
        // Somebody new has just taken an invitation.
        void queries.invalidateQueries({ queryKey: ["agents", websiteId] });
        void queries.invalidateQueries({ queryKey: ["invitations", websiteId] });
        return;
      }
      case "memberships.changed":
        void queries.invalidateQueries({ queryKey: meOptions.queryKey });
        void queries.invalidateQueries({ queryKey: ["agents"] });
        return;
      case "heartbeat":
        // Not some(): each version is to be noted.
        if (event.data.websites.flatMap(website => website.heads.filter(isNews)).length) {
          for (const listener of staleListeners) listener();
        }
    }
  }

  /** Events may be lost between servers; a heartbeat tells which conversations have moved on. */
  function isNews({ conversationId, version }: Head): boolean {
    const known = Math.max(sync.getState().conversations[conversationId]?.version ?? 0, told.get(conversationId) ?? 0);
    told.set(conversationId, Math.max(known, version));
    return version > known;
  }

  /** Without an answer the next event or heartbeat brings them. */
  async function loadCounts(websiteId: number) {
    const counts = await api<InboxCounts>("GET", `/websites/${websiteId}/inbox/counts`).catch(() => null);
    if (counts) sync.apply({ event: "counts.loaded", data: { websiteId, counts } });
  }

  return {
    sync,
    availability,
    open(websiteId, conversationId) {
      websites.set(conversationId, websiteId);
      return sync.open(conversationId);
    },
    onStale: listener => listen(staleListeners, listener),
    onEvent: listener => listen(eventListeners, listener),
    close() {
      availability.close();
      sync.close();
    },
  };
}

function listen<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
