import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, use, useEffect, useState, useSyncExternalStore } from "react";
import type { SocketStatus } from "#client/socket/reconnect.ts";
import type { State } from "#client/store.ts";
import { useMe } from "#dashboard/data/me.ts";
import type { Conversation } from "#protocol/conversations.ts";
import type { AgentEvent } from "#protocol/socket.ts";
import { createLive, type Live } from "./live.ts";

const LiveContext = createContext<Live | null>(null);

/** Keeps the socket open while a user is signed in. */
export function LiveProvider({ onSessionGone, children }: { onSessionGone: () => void; children: ReactNode }) {
  const queries = useQueryClient();
  const userId = useMe().user.id;
  const [live, setLive] = useState<Live | null>(null);

  useEffect(() => {
    const opened = createLive(userId, queries, onSessionGone);
    setLive(opened);
    return () => opened.close();
  }, [userId, queries, onSessionGone]);

  return live && <LiveContext value={live}>{children}</LiveContext>;
}

export function useLive(): Live {
  const live = use(LiveContext);
  if (!live) throw new Error("useLive outside of LiveProvider");
  return live;
}

/** A part of the state; `select` must return the same for the same state. */
export function useLiveState<Part>(select: (state: State<Conversation>) => Part): Part {
  const { sync } = useLive();
  return useSyncExternalStore(sync.subscribe, () => select(sync.getState()));
}

export function useLiveStatus(): SocketStatus {
  const { sync } = useLive();
  return useSyncExternalStore(sync.subscribe, sync.getStatus);
}

export function useOwnAvailability() {
  const { availability } = useLive();
  return { ...useSyncExternalStore(availability.subscribe, availability.get), choose: availability.choose };
}

export function useLiveEvent(listener: (event: AgentEvent) => void): void {
  const live = useLive();
  useEffect(() => live.onEvent(listener), [live, listener]);
}

/** The number of open conversations with unread messages, as the server last sent it. */
export function useUnread(websiteId: number): number {
  const counted = useLiveState(state => state.counts[websiteId]?.all);
  const website = useMe().websites.find(row => row.id === websiteId);
  return counted ?? website?.unread ?? 0;
}
