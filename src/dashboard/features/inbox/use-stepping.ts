import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useKeys } from "#dashboard/ui/use-keys.ts";
import type { Conversation } from "#protocol/conversations.ts";
import type { InboxList } from "./use-inbox.ts";

type Stepping = { rows: Conversation[]; list: InboxList; chosenId: string | null; reveal: (index: number) => void };

/** The keys j and k. If the open conversation has left the list, they continue from its last place. */
export function useStepping({ rows, list, chosenId, reveal }: Stepping): void {
  const navigate = useNavigate();
  const last = useRef<{ index: number; id: string | null }>({ index: -1, id: null });
  const index = rows.findIndex(row => row.id === chosenId);
  useEffect(() => {
    if (index >= 0) last.current = { index, id: chosenId };
  }, [index, chosenId]);

  function go(to: number) {
    const next = rows[Math.max(0, Math.min(rows.length - 1, to))];
    if (!next) return;
    reveal(rows.indexOf(next));
    void navigate({
      to: "/w/$websiteId/inbox/$view/$conversationId",
      params: { websiteId: list.websiteId, view: list.view, conversationId: next.id },
      search: true,
    });
  }

  function goDown() {
    if (index >= 0) return go(index + 1);
    // The next row now stands where the open one was. If a newer conversation continues the open one, it still stands there.
    const { index: at, id } = last.current;
    go(rows[at]?.id === id ? at + 1 : Math.max(at, 0));
  }

  useKeys({ j: goDown, k: () => go((index >= 0 ? index : last.current.index) - 1) }, { repeats: true });
}
