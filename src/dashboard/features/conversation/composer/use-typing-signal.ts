import { useEffect, useRef } from "react";
import { useLive } from "#dashboard/live/live-provider.tsx";
import { limits } from "#protocol/limits.ts";

/** Sends "is typing" to the others, at most once per interval, and its end once. */
export function useTypingSignal(conversationId: string): (typing: boolean) => void {
  const { sync } = useLive();
  const sentAt = useRef(0);

  function signal(typing: boolean) {
    if (typing ? Date.now() - sentAt.current < limits.typingMs : !sentAt.current) return;
    sentAt.current = typing ? Date.now() : 0;
    sync.setTyping(conversationId, typing);
  }

  useEffect(
    () => () => {
      if (sentAt.current) sync.setTyping(conversationId, false);
      sentAt.current = 0;
    },
    [sync, conversationId],
  );
  return signal;
}
