import { useNavigate, useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import { useMe } from "#dashboard/data/me.ts";
import { useLiveState } from "#dashboard/live/live-provider.tsx";
import { moveDraft } from "./composer/use-draft.ts";
import { moveUnsentEdit } from "./thread/unsent-edit.ts";

/**
 * A conversation takes messages for 30 days; the next message begins one that continues it. An agent who has the first
 * one open is led to the second, and what is not sent moves along: people see one thread.
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
    moveUnsentEdit(userId, id, next);
    void navigate({
      to: "/w/$websiteId/inbox/$view/$conversationId",
      params: { ...params, conversationId: next },
      search: true,
      replace: true,
    });
  }, [next, id, userId, params, navigate]);
}
