import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { api } from "#dashboard/data/api.ts";
import { restartRequests } from "#dashboard/data/queries.ts";
import { useLive, useLiveEvent, useLiveState } from "#dashboard/live/live-provider.tsx";
import type { ConversationShown } from "#protocol/conversations.ts";
import type { AgentEvent } from "#protocol/socket.ts";

const conversationOptions = (websiteId: number, id: string) =>
  queryOptions({
    queryKey: ["conversation", websiteId, id],
    queryFn: () => api<ConversationShown>("GET", `/websites/${websiteId}/conversations/${id}`),
  });

/** A conversation that the socket keeps current, with all data of its visitor. Loads its newest messages too. */
export function useConversation(websiteId: number, id: string) {
  const live = useLive();
  const queries = useQueryClient();
  const options = conversationOptions(websiteId, id);
  const shown = useQuery(options);
  const row = useLiveState(state => state.conversations[id]);
  const thread = useQuery({
    queryKey: ["thread", websiteId, id],
    queryFn: () => live.open(websiteId, id).then(() => true),
    staleTime: Number.POSITIVE_INFINITY,
  });

  const follow = useCallback(
    (event: AgentEvent) => {
      if (event.event !== "visitor.presence") return;
      const { visitorId, online, page } = event.data;
      const { queryKey } = conversationOptions(websiteId, id);
      queries.setQueryData(queryKey, held => {
        if (held?.visitor.id !== visitorId) return held;
        const visitor = { ...held.visitor, online, lastSeenAt: new Date().toISOString() };
        return { ...held, visitor: page ? { ...visitor, pageUrl: page.url, pageTitle: page.title } : visitor };
      });
      if (queries.getQueryData(queryKey)?.visitor.id === visitorId) restartRequests(queries, queryKey);
    },
    [queries, websiteId, id],
  );
  useLiveEvent(follow);
  const visitorId = row?.visitor.id ?? shown.data?.visitor.id;
  useEffect(() => (visitorId ? live.watchVisitor({ websiteId, visitorId }) : undefined), [live, websiteId, visitorId]);

  return {
    row: row ?? shown.data?.conversation ?? null,
    visitor: shown.data?.visitor ?? null,
    error: thread.error ?? (row ? null : shown.error),
    visitorError: shown.error,
    retry: () => void Promise.all([thread.refetch(), shown.refetch()]),
  };
}
