import { useEffect, useRef } from "react";
import { useLive } from "#dashboard/live/live-provider.tsx";
import { limits } from "#protocol/limits.ts";

/** Tells the others that one types: at most once per interval, and when it is over. */
export function useTypingSignal(websiteId: number, conversationId: string): (typing: boolean) => void {
  const { sync } = useLive();
  const toldAt = useRef(0);

  function signal(typing: boolean) {
    if (typing ? Date.now() - toldAt.current < limits.typingMs : !toldAt.current) return;
    toldAt.current = typing ? Date.now() : 0;
    sync.tell("conversation.typing", { websiteId, conversationId, typing });
  }

  useEffect(
    () => () => {
      if (toldAt.current) sync.tell("conversation.typing", { websiteId, conversationId, typing: false });
      toldAt.current = 0;
    },
    [sync, websiteId, conversationId],
  );
  return signal;
}
