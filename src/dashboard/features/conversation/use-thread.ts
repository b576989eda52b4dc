import { useMemo } from "react";
import { messagesOf, type State } from "#client/state.ts";
import { useLiveState } from "#dashboard/live/live-provider.tsx";
import { useMe } from "#dashboard/me.ts";
import { threadItems } from "./thread-items.ts";

/** What is held of a thread, laid out for the screen. */
export function useThread(id: string) {
  const { user } = useMe();
  const threads = useLiveState(state => state.threads);
  const conversations = useLiveState(state => state.conversations);
  const outbox = useLiveState(state => state.outbox);

  return useMemo(() => {
    const messages = messagesOf({ threads, conversations }, id);
    const unsent = outbox.filter(pending => pending.conversationId === id);
    return {
      loaded: id in threads,
      items: threadItems(messages, unsent, user),
      hasOlder: hasOlder({ threads, conversations }, id),
      newest: messages.at(-1)?.id ?? null,
      lastUnsent: unsent.at(-1)?.id ?? null,
    };
  }, [threads, conversations, outbox, id, user]);
}

function hasOlder(state: Pick<State, "threads" | "conversations">, id: string): boolean {
  if (!state.threads[id]?.complete) return true;
  const before = state.conversations[id]?.continuesId;
  return before ? hasOlder(state, before) : false;
}
