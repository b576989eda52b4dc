import { useLocation } from "@tanstack/react-router";
import { createContext, useContext, useEffect, useState } from "react";
import type { Sync } from "#client/sync.ts";
import { useLive, useLiveState } from "#dashboard/live/live-provider.tsx";
import type { Conversation } from "#protocol/conversations.ts";
import { limits } from "#protocol/limits.ts";

/** The id of the message that the address of the page names; null: none, or it is not loaded yet. */
export const TargetContext = createContext<string | null>(null);

export const useIsTarget = (messageId: string): boolean => useContext(TargetContext) === messageId;

type Target = {
  /** of the message, once it is loaded */
  id: string | null;
  /** It is on its way. */
  isLoading: boolean;
  error: unknown;
  retry: () => void;
};

type Loading = Pick<Sync<Conversation>, "open" | "loadOlder" | "getState">;

/** Loads pages until the thread holds a message, and one before it: something stands above it. */
export async function loadBackTo(sync: Loading, id: string, seq: number): Promise<void> {
  await sync.open(id);
  let unchanged = 0;
  for (let oldest = Number.POSITIVE_INFINITY; ; ) {
    const thread = sync.getState().threads[id];
    const first = thread?.messages[0]?.seq ?? 0;
    if (!thread || thread.complete || first < seq) return;
    // Once, a page that was on its way already may have been waited for. Twice: it was dropped, or there is nothing more.
    unchanged = first < oldest ? 0 : unchanged + 1;
    if (unchanged === 2) return;
    oldest = first;
    await sync.loadOlder(id, limits.pageSizeMax);
  }
}

/** The message of a conversation that the address names (#message-12): loads the thread back to it. */
export function useTarget(conversationId: string): Target {
  const { sync } = useLive();
  const seq = useLocation({ select: ({ hash }) => Number(/^message-(\d{1,9})$/.exec(hash)?.[1] ?? 0) });
  const id = useLiveState(state => state.threads[conversationId]?.messages.find(each => each.seq === seq)?.id ?? null);
  const [ended, setEnded] = useState<{ seq: number; error: unknown } | null>(null);
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a further try loads again
  useEffect(() => {
    if (seq === 0) return;
    let isCurrent = true;
    const end = (error: unknown) => isCurrent && setEnded({ seq, error });
    setEnded(null);
    loadBackTo(sync, conversationId, seq).then(() => end(null), end);
    return () => {
      isCurrent = false;
    };
  }, [sync, conversationId, seq, tries]);

  const isLoading = seq > 0 && id === null && ended?.seq !== seq;
  const error = ended?.seq === seq ? ended.error : null;
  return { id: seq > 0 ? id : null, isLoading, error, retry: () => setTries(count => count + 1) };
}
