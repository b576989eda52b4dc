import { useMemo, useRef } from "react";
import { hasOlder, messagesOf } from "#client/store.ts";
import { groupMessages } from "#client/text/grouping.ts";
import { keepKeys } from "#client/text/stable-keys.ts";
import { useMe } from "#dashboard/data/me.ts";
import { useLiveState } from "#dashboard/live/live-provider.tsx";

export type ShownThread = ReturnType<typeof useThread>;

/** The messages of a thread that are held, laid out for the screen. */
export function useThread(id: string) {
  const { user } = useMe();
  const threads = useLiveState(state => state.threads);
  const conversations = useLiveState(state => state.conversations);
  const outbox = useLiveState(state => state.outbox);
  const changes = useLiveState(state => state.changes);
  const messages = useSame(messagesOf({ threads, conversations, changes }, id));
  const unsent = useSame(outbox.filter(pending => pending.conversationId === id));
  const keys = useRef(new Map<string, string>());
  const rows = useMemo(() => {
    const writer = { author: "agent", authorId: user.id, authorName: user.name } as const;
    return keepKeys(groupMessages(messages, unsent, writer), keys.current);
  }, [messages, unsent, user]);
  return {
    rows,
    oldest: messages[0]?.id,
    loaded: id in threads,
    hasOlder: hasOlder({ threads, conversations }, id),
    newest: messages.at(-1)?.id ?? null,
    lastUnsent: unsent.at(-1)?.id ?? null,
  };
}

/** Returns the list of the last render while its entries are the same: events of other conversations then cost nothing. */
function useSame<Entry>(list: Entry[]): Entry[] {
  const before = useRef(list);
  const same = before.current.length === list.length && before.current.every((entry, index) => entry === list[index]);
  if (!same) before.current = list;
  return before.current;
}
