import { useState } from "react";

export type Draft = { kind: "text" | "note"; body: string };

const keyOf = (userId: string, conversationId: string) => `prochat:draft:${userId}:${conversationId}`;

const empty: Draft = { kind: "text", body: "" };

/**
 * A draft outlives the page. So does its kind, also without a text: an agent who writes notes must not find a reply there
 * later.
 */
export function useDraft(userId: string, conversationId: string) {
  const key = keyOf(userId, conversationId);
  const [draft, setDraft] = useState<Draft>(() => JSON.parse(localStorage.getItem(key) ?? "null") ?? empty);

  function change(part: Partial<Draft>) {
    const next = { ...draft, ...part };
    setDraft(next);
    if (next.body || next.kind === "note") localStorage.setItem(key, JSON.stringify(next));
    else localStorage.removeItem(key);
  }
  return [draft, change] as const;
}

export function moveDraft(userId: string, from: string, to: string): void {
  const draft = localStorage.getItem(keyOf(userId, from));
  if (draft) localStorage.setItem(keyOf(userId, to), draft);
  localStorage.removeItem(keyOf(userId, from));
}
