import { createContext, use, useMemo, useState } from "react";
import { messagesOf } from "#client/store.ts";
import { useMe } from "#dashboard/data/me.ts";
import { useLive } from "#dashboard/live/live-provider.tsx";
import type { Conversation } from "#protocol/conversations.ts";
import type { Message } from "#protocol/messages.ts";
import { keepUnsentEdit, readUnsentEdit } from "./unsent-edit.ts";
import { useMessageChanges } from "./use-message-changes.ts";

export type Editing = ReturnType<typeof useMessageChanges> & {
  /** false: the visitor's data is restricted, so own messages can only be deleted */
  mayEdit: boolean;
  /** the message that is being edited */
  id: string | null;
  /** The editor was open when the agent left the page: it must not take the focus. */
  isRestored: boolean;
  /** The text that the agent left unsaved in the editor of this message. */
  unsentOf: (id: string) => string | null;
  /** Keeps a text that is not saved yet; null: there is none. */
  keepUnsent: (id: string, body: string | null) => void;
  begin: (id: string) => void;
  end: () => void;
};

/** Every message of a thread reads it. */
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
  const mayEdit = !row.isRestricted;
  const [restoredId] = useState(() => readUnsentEdit(userId, row.id)?.messageId ?? null);
  const [open, setOpen] = useState({ id: restoredId, isRestored: true });

  const editing = useMemo<Editing>(() => {
    function keepUnsent(messageId: string, body: string | null) {
      keepUnsentEdit(userId, row.id, body === null ? null : { messageId, body });
    }
    return {
      ...changes,
      ...open,
      mayEdit,
      unsentOf(id) {
        const edit = readUnsentEdit(userId, row.id);
        return edit?.messageId === id ? edit.body : null;
      },
      keepUnsent,
      begin: id => setOpen({ id, isRestored: false }),
      end() {
        if (open.id) keepUnsent(open.id, null);
        setOpen({ id: null, isRestored: false });
      },
    };
  }, [changes, open, mayEdit, userId, row.id]);

  function beginLast() {
    const last = messagesOf(sync.getState(), row.id).findLast(message => isChangeable(message, userId));
    if (last && mayEdit) editing.begin(last.id);
  }
  return { editing, beginLast };
}

/** Agents change their own texts and notes, at any time. */
const isChangeable = ({ author, authorId, kind, deletedAt }: Message, userId: string): boolean =>
  author === "agent" && authorId === userId && (kind === "text" || kind === "note") && !deletedAt;
