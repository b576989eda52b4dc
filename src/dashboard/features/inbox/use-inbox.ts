import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { type InboxQuery, type InboxReach, inboxOf, loadInbox, reloadInbox } from "#client/inbox.ts";
import { api } from "#dashboard/data/api.ts";
import { useMe } from "#dashboard/data/me.ts";
import { useLive, useLiveState } from "#dashboard/live/live-provider.tsx";
import type { Conversation } from "#protocol/conversations.ts";

export type InboxList = Pick<InboxQuery, "websiteId" | "view" | "tagId">;
export type Inbox = ReturnType<typeof useInbox>;

/**
 * A list of the inbox. TanStack Query holds only how far it is loaded. The socket keeps the rows current, so a list
 * that was open before shows at once.
 */
export function useInbox({ websiteId, view, tagId }: InboxList) {
  const live = useLive();
  const queries = useQueryClient();
  const userId = useMe().user.id;
  const conversations = useLiveState(state => state.conversations);
  const query: InboxQuery = useMemo(() => ({ websiteId, view, userId, tagId }), [websiteId, view, userId, tagId]);
  const queryKey = useMemo(() => ["inbox", query], [query]);

  const first = useQuery({
    queryKey,
    queryFn: () => reloadInbox(live.sync, api, query, queries.getQueryData<InboxReach>(queryKey) ?? null),
  });
  const next = useMutation({
    mutationFn: (from: InboxReach) => loadInbox(live.sync, api, query, from),
    onSuccess: reach => queries.setQueryData(queryKey, reach),
  });
  useEffect(() => live.onStale(() => void queries.invalidateQueries({ queryKey: ["inbox"] })), [live, queries]);

  const reach = first.data;
  const rows = useMemo<Conversation[]>(
    () => (reach ? inboxOf({ conversations }, query, reach.horizon) : []),
    [conversations, query, reach],
  );
  return {
    rows,
    status: first.status,
    error: first.error,
    retry: () => void first.refetch(),
    hasMore: Boolean(reach?.nextCursor),
    moreError: next.error,
    loadMore: () => reach?.nextCursor && !next.isPending && next.mutate(reach),
  };
}
