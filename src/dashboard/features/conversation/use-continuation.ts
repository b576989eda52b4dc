import { useNavigate, useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useLiveState } from "#dashboard/live/live-provider.tsx";
import { useMe } from "#dashboard/me.ts";
import { moveDraft } from "./use-draft.ts";

/**
 * The conversation that continues this one, as far as known. When it begins while this one is open (somebody wrote,
 * and this one takes no more messages) the reader is led there, and what they are writing goes along.
 */
export function useContinuation(id: string): string | null {
  const params = useParams({ from: "/signed-in/w/$websiteId/inbox/$view" });
  const navigate = useNavigate();
  const userId = useMe().user.id;
  const next = useLiveState(
    state => Object.values(state.conversations).find(row => row.continuesId === id)?.id ?? null,
  );
  const [known] = useState(next);

  useEffect(() => {
    if (!next || next === known) return;
    moveDraft(userId, id, next);
    void navigate({
      to: "/w/$websiteId/inbox/$view/$conversationId",
      params: { ...params, conversationId: next },
      replace: true,
    });
  }, [next, known, id, userId, params, navigate]);
  return next;
}
