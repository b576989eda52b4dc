import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { api } from "#dashboard/data/api.ts";
import { useLiveEvent, useLiveStatus } from "#dashboard/live/live-provider.tsx";
import type { CannedReplies, CannedReply, CannedReplyChange, CannedReplyCreate } from "#protocol/canned-replies.ts";
import type { AgentEvent } from "#protocol/socket.ts";

const pathOf = (websiteId: number) => `/websites/${websiteId}/canned-replies`;

const repliesOptions = (websiteId: number) =>
  queryOptions({
    queryKey: ["canned-replies", websiteId],
    queryFn: async () => (await api<CannedReplies>("GET", pathOf(websiteId))).replies,
  });

/** The website's replies and the agent's own, by shortcut; kept current while they are shown. */
export function useCannedReplies(websiteId: number) {
  const queries = useQueryClient();
  const online = useLiveStatus() === "online";
  const load = useCallback(() => void queries.invalidateQueries(repliesOptions(websiteId)), [queries, websiteId]);
  useLiveEvent(useCallback((event: AgentEvent) => void (event.event === "canned-replies.changed" && load()), [load]));
  // Events that were published while there was no connection are lost.
  useEffect(() => {
    if (online) load();
  }, [online, load]);
  return useQuery(repliesOptions(websiteId));
}

/** Creates a reply, changes one, or deletes one; the list is loaded again before the mutation ends. */
export function useChangeReplies(websiteId: number) {
  const queries = useQueryClient();
  const onSuccess = () => queries.invalidateQueries(repliesOptions(websiteId));
  const create = useMutation({
    mutationFn: (body: CannedReplyCreate) => api<CannedReply>("POST", pathOf(websiteId), body),
    onSuccess,
  });
  const change = useMutation({
    mutationFn: ({ id, ...body }: CannedReplyChange & { id: string }) =>
      api<CannedReply>("PATCH", `${pathOf(websiteId)}/${id}`, body),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: ({ id }: CannedReply) => api<null>("DELETE", `${pathOf(websiteId)}/${id}`),
    onSuccess,
  });
  return { create, change, remove };
}
