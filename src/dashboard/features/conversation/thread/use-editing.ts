import { createContext, use, useMemo, useState } from "react";
import { messagesOf } from "#client/store.ts";
import { useMe } from "#dashboard/data/me.ts";
import { useLive } from "#dashboard/live/live-provider.tsx";
import type { Conversation } from "#protocol/conversations.ts";
import type { Message } from "#protocol/messages.ts";
import { useMessageChanges } from "./use-message-changes.ts";

export type Editing = ReturnType<typeof useMessageChanges> & {
  /** the message that is being edited */
  id: string | null;
  begin: (id: string) => void;
  end: () => void;
};

/** Known to each message of a thread. */
export const EditingContext = createContext<Editing | null>(null);

export function useThreadEditing(): Editing {
  const editing = use(EditingContext);
  if (!editing) throw new Error("useThreadEditing outside of EditingContext");
  return editing;
}

/** Which message of a conversation is being edited, and how messages are changed. */
export function useEditing(row: Conversation) {
  const { sync } = useLive();
  const userId = useMe().user.id;
  const changes = useMessageChanges();
  const [id, setId] = useState<string | null>(null);
  const editing = useMemo(() => ({ ...changes, id, begin: setId, end: () => setId(null) }), [changes, id]);

  function beginLast() {
    const last = messagesOf(sync.getState(), row.id).findLast(message => isChangeable(message, userId));
    if (last) setId(last.id);
  }
  return { editing, beginLast };
}

/** Agents change their own texts and notes, at any time. */
const isChangeable = ({ author, authorId, kind, deletedAt }: Message, userId: string): boolean =>
  author === "agent" && authorId === userId && (kind === "text" || kind === "note") && !deletedAt;
