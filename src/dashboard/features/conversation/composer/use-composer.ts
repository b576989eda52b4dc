import { useRef } from "react";
import { useMe } from "#dashboard/data/me.ts";
import { useLive } from "#dashboard/live/live-provider.tsx";
import type { Conversation } from "#protocol/conversations.ts";
import { limits } from "#protocol/limits.ts";
import { type Draft, useDraft } from "./use-draft.ts";
import { useTypingSignal } from "./use-typing-signal.ts";

/** The reply or note that an agent writes, kept as a draft until it is sent. */
export function useComposer(row: Conversation) {
  const { sync } = useLive();
  const [draft, setDraft] = useDraft(useMe().user.id, row.id);
  const signalTyping = useTypingSignal(row.id);
  const field = useRef<HTMLTextAreaElement>(null);
  const isNote = draft.kind === "note";
  const isSendable = draft.body.trim() !== "" && draft.body.length <= limits.messageLength;

  function choose(kind: Draft["kind"]) {
    setDraft({ kind });
    if (kind === "note") signalTyping(false);
    field.current?.focus();
  }

  function write(body: string) {
    setDraft({ body });
    // The visitor must not see that an agent writes a note.
    if (!isNote) signalTyping(body.trim() !== "");
  }

  function send() {
    if (!isSendable) return;
    sync.send({ conversationId: row.id, websiteId: row.websiteId, kind: draft.kind, body: draft.body.trim() });
    // The kind stays: a second note must not go to the visitor.
    setDraft({ body: "" });
    signalTyping(false);
    field.current?.focus();
  }

  return { draft, field, isNote, isSendable, choose, write, send, stopTyping: () => signalTyping(false) };
}
