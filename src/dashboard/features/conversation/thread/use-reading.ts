import { useDocumentVisibility } from "@mantine/hooks";
import { useEffect } from "react";
import { useLive, useLiveState, useLiveStatus } from "#dashboard/live/live-provider.tsx";
import type { Conversation } from "#protocol/conversations.ts";

/** Marks the messages as read while the page is visible and scrolled to its end. */
export function useReading(row: Conversation, atBottom: boolean): void {
  const { sync } = useLive();
  const visible = useDocumentVisibility() === "visible";
  const online = useLiveStatus() === "online";
  const seq = useLiveState(state => state.threads[row.id]?.lastSeq ?? 0);
  const reads = visible && online && atBottom && row.unread > 0 && seq > row.agentReadSeq;

  useEffect(() => {
    if (!reads) return;
    sync.markRead(row.id, seq);
    const unread = seq >= row.lastSeq ? 0 : row.unread;
    sync.apply({ event: "conversation.changed", data: { conversation: { ...row, agentReadSeq: seq, unread } } });
  }, [reads, seq, row, sync]);
}
