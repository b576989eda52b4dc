import { useNavigate, useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import { useMe } from "#dashboard/data/me.ts";
import { useLiveState } from "#dashboard/live/live-provider.tsx";
import { moveDraft } from "./composer/use-draft.ts";

/**
 * People see one thread: where another conversation continues this one, as after 30 days the next message does, the
 * reader is led there, and what they are writing goes along.
 */
export function useContinuation(id: string): void {
  const params = useParams({ from: "/signed-in/w/$websiteId/inbox/$view" });
  const navigate = useNavigate();
  const userId = useMe().user.id;
  const next = useLiveState(
    state => Object.values(state.conversations).find(row => row.continuesId === id)?.id ?? null,
  );

  useEffect(() => {
    if (!next) return;
    moveDraft(userId, id, next);
    void navigate({
      to: "/w/$websiteId/inbox/$view/$conversationId",
      params: { ...params, conversationId: next },
      replace: true,
    });
  }, [next, id, userId, params, navigate]);
}
