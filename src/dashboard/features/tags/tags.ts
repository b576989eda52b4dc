import { type QueryClient, queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { api } from "#dashboard/data/api.ts";
import { restartRequests } from "#dashboard/data/queries.ts";
import { useLiveEvent, useLiveStatus } from "#dashboard/live/live-provider.tsx";
import type { Conversation } from "#protocol/conversations.ts";
import type { AgentEvent } from "#protocol/socket.ts";
import type { Tag, TagChange, TagCreate, Tags } from "#protocol/tags.ts";

const pathOf = (websiteId: number) => `/websites/${websiteId}/tags`;

const tagsOptions = (websiteId: number) =>
  queryOptions({
    queryKey: ["tags", websiteId],
    queryFn: async () => (await api<Tags>("GET", pathOf(websiteId))).tags.sort(byName),
  });

/** All tags of a website, by name. */
export const useTags = (websiteId: number) => useQuery(tagsOptions(websiteId));

/** The tags on a conversation, by name. A deleted tag is left out. */
export const tagsOn = ({ tagIds }: Conversation, tags: Tag[]): Tag[] => tags.filter(tag => tagIds.includes(tag.id));

/** Keeps the tags of a website current: call it once, where the website is shown. */
export function useTagEvents(websiteId: number): void {
  const queries = useQueryClient();
  const online = useLiveStatus() === "online";
  const listen = useCallback(
    (event: AgentEvent) => {
      if (event.event !== "tags.changed") return;
      const { websiteId, tags } = event.data;
      showTags(queries, websiteId, () => tags);
      restartRequests(queries, tagsOptions(websiteId).queryKey);
    },
    [queries],
  );
  useLiveEvent(listen);
  // Events that were published while there was no connection are lost.
  useEffect(() => {
    if (online) void queries.invalidateQueries(tagsOptions(websiteId));
  }, [online, queries, websiteId]);
}

export function useCreateTag(websiteId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: TagCreate) => api<Tag>("POST", pathOf(websiteId), body),
    onSuccess: made => showTags(queries, websiteId, tags => [...tags.filter(tag => tag.id !== made.id), made]),
  });
}

export function useChangeTag(websiteId: number, id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: TagChange) => api<Tag>("PATCH", `${pathOf(websiteId)}/${id}`, body),
    onSuccess: changed => showTags(queries, websiteId, tags => tags.map(tag => (tag.id === id ? changed : tag))),
  });
}

export function useDeleteTag(websiteId: number, id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api<null>("DELETE", `${pathOf(websiteId)}/${id}`),
    onSuccess: () => showTags(queries, websiteId, tags => tags.filter(tag => tag.id !== id)),
  });
}

function showTags(queries: QueryClient, websiteId: number, change: (tags: Tag[]) => Tag[]): void {
  queries.setQueryData(tagsOptions(websiteId).queryKey, held => held && change(held).toSorted(byName));
}

const byName = (a: Tag, b: Tag) => a.name.localeCompare(b.name);
