import { infiniteQueryOptions, useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { api } from "#dashboard/data/api.ts";
import { useLive, useLiveEvent } from "#dashboard/live/live-provider.tsx";
import type { ConversationChanged } from "#protocol/conversations.ts";
import type { AgentEvent } from "#protocol/socket.ts";
import type { TrashPage } from "#protocol/trash.ts";

type Target = { websiteId: number; conversationId: string };

const trashOptions = (websiteId: number) =>
  infiniteQueryOptions({
    queryKey: ["trash", websiteId],
    queryFn: ({ pageParam: cursor }) =>
      api<TrashPage>("GET", `/websites/${websiteId}/trash${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ""}`),
    initialPageParam: "",
    getNextPageParam: page => page.nextCursor,
    select: ({ pages }) => pages.flatMap(page => page.entries),
  });

/** The deleted conversations of a website. Loads again when one is deleted or brought back. */
export function useTrash(websiteId: number) {
  const queries = useQueryClient();
  const listen = useCallback(
    ({ event, data }: AgentEvent) => {
      if (event !== "conversation.changed" || data.conversation.websiteId !== websiteId) return;
      const { queryKey } = trashOptions(websiteId);
      const held = queries.getQueryData(queryKey)?.pages.flatMap(page => page.entries) ?? [];
      const isInTrash = held.some(entry => entry.conversationId === data.conversation.id);
      if (isInTrash !== Boolean(data.conversation.deletedAt)) void queries.invalidateQueries({ queryKey });
    },
    [queries, websiteId],
  );
  useLiveEvent(listen);
  return useInfiniteQuery({ ...trashOptions(websiteId), refetchOnMount: "always" });
}

const pathOf = ({ websiteId, conversationId }: Target) => `/websites/${websiteId}/conversations/${conversationId}`;

export const useDeleteConversation = () =>
  useAnswer((target: Target & { reason: string }) =>
    api<ConversationChanged>("DELETE", pathOf(target), { reason: target.reason }),
  );

export const useRestore = () =>
  useAnswer((target: Target) => api<ConversationChanged>("POST", `${pathOf(target)}/restore`, {}));

/** Shows the answer at once, on every screen of this agent: the event may come later. */
function useAnswer<Params extends Target>(mutationFn: (target: Params) => Promise<ConversationChanged>) {
  const { sync } = useLive();
  const queries = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess(data, { websiteId, conversationId }) {
      sync.apply({ event: "conversation.changed", data });
      void queries.invalidateQueries({ queryKey: trashOptions(websiteId).queryKey });
      void queries.invalidateQueries({ queryKey: ["conversation", websiteId, conversationId] });
    },
  });
}
