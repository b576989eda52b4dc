import { useDocumentVisibility } from "@mantine/hooks";
import { useEffect } from "react";
import { useLive, useLiveState, useLiveStatus, useOwnAvailability } from "#dashboard/live/live-provider.tsx";
import type { Conversation } from "#protocol/conversations.ts";

/**
 * Marks the messages as read while the page is visible and scrolled to its end. Not while the agent is away: no one sits
 * there, and visitor and colleagues would take the messages for read.
 */
export function useReading(row: Conversation, atBottom: boolean): void {
  const { sync } = useLive();
  const visible = useDocumentVisibility() === "visible";
  const online = useLiveStatus() === "online";
  const present = useOwnAvailability().now === "online";
  const seq = useLiveState(state => state.threads[row.id]?.lastSeq ?? 0);
  const reads = visible && online && present && atBottom && row.unread > 0 && seq > row.agentReadSeq;

  useEffect(() => {
    if (!reads) return;
    sync.markRead(row.id, seq);
    const unread = seq >= row.lastSeq ? 0 : row.unread;
    sync.apply({ event: "conversation.changed", data: { conversation: { ...row, agentReadSeq: seq, unread } } });
  }, [reads, seq, row, sync]);
}
