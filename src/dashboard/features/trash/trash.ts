import { useDebouncedCallback } from "@mantine/hooks";
import { infiniteQueryOptions, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { api } from "#dashboard/data/api.ts";
import { useLive, useLiveEvent } from "#dashboard/live/live-provider.tsx";
import type { ConversationChanged } from "#protocol/conversations.ts";
import type { AgentEvent } from "#protocol/socket.ts";
import type { TrashEntry, TrashPage, VisitorContents, VisitorDeleted } from "#protocol/trash.ts";

type Target = { websiteId: number; conversationId: string };
type VisitorTarget = { websiteId: number; visitorId: string };

const trashOptions = (websiteId: number) =>
  infiniteQueryOptions({
    queryKey: ["trash", websiteId],
    queryFn: ({ pageParam: cursor }) =>
      api<TrashPage>("GET", `/websites/${websiteId}/trash${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ""}`),
    initialPageParam: "",
    getNextPageParam: page => page.nextCursor,
    select: ({ pages }) => pages.flatMap(page => page.entries),
  });

const reloadMs = 100;

/** What was deleted of a website. Loads again when something is deleted or brought back. */
export function useTrash(websiteId: number) {
  const queries = useQueryClient();
  // A visitor with a thousand conversations sends as many events.
  const reload = useDebouncedCallback(
    () => void queries.invalidateQueries({ queryKey: trashOptions(websiteId).queryKey }),
    reloadMs,
  );
  const listen = useCallback(
    (event: AgentEvent) => {
      const { queryKey } = trashOptions(websiteId);
      const held = queries.getQueryData(queryKey)?.pages.flatMap(page => page.entries) ?? [];
      if (changesTrash(event, websiteId, held)) reload();
    },
    [queries, websiteId, reload],
  );
  useLiveEvent(listen);
  return useInfiniteQuery({ ...trashOptions(websiteId), refetchOnMount: "always" });
}

function changesTrash({ event, data }: AgentEvent, websiteId: number, held: TrashEntry[]): boolean {
  if (event === "message.changed" && data.conversation.websiteId === websiteId) {
    return held.some(entry => entry.id === data.message.id) !== Boolean(data.message.deletedAt);
  }
  if (event !== "conversation.changed" || data.conversation.websiteId !== websiteId) return false;
  const { id, deletedAt, visitor } = data.conversation;
  const isInTrash = held.some(entry => entry.id === id || (entry.kind === "visitor" && entry.id === visitor.id));
  return isInTrash !== Boolean(deletedAt);
}

const visitorPath = ({ websiteId, visitorId }: VisitorTarget) => `/websites/${websiteId}/visitors/${visitorId}`;
const pathOf = ({ websiteId, conversationId }: Target) => `/websites/${websiteId}/conversations/${conversationId}`;

/** What goes with a visitor. */
export const useVisitorContents = (target: VisitorTarget) =>
  useQuery({
    queryKey: ["visitor-contents", target.websiteId, target.visitorId],
    queryFn: () => api<VisitorContents>("GET", `${visitorPath(target)}/contents`),
    staleTime: 0,
  });

export const useDeleteVisitor = () =>
  useTrashMutation((target: VisitorTarget & { reason: string }) =>
    api<VisitorDeleted>("DELETE", visitorPath(target), { reason: target.reason }),
  );

export const useDeleteConversation = () =>
  useConversationMutation((target: Target & { reason: string }) =>
    api<ConversationChanged>("DELETE", pathOf(target), { reason: target.reason }),
  );

export const useRestore = () =>
  useConversationMutation((target: Target) => api<ConversationChanged>("POST", `${pathOf(target)}/restore`, {}));

/** Brings an entry of the trash back, of any kind. */
export const useRestoreEntry = () =>
  useTrashMutation(({ websiteId, entry }: { websiteId: number; entry: TrashEntry }) =>
    api<unknown>("POST", `${entryPath(websiteId, entry)}/restore`, {}),
  );

function entryPath(websiteId: number, entry: TrashEntry): string {
  if (entry.kind === "visitor") return visitorPath({ websiteId, visitorId: entry.id });
  const conversation = pathOf({ websiteId, ...entry });
  return entry.kind === "message" ? `${conversation}/messages/${entry.id}` : conversation;
}

/** What is deleted or comes back arrives by events, on this screen as on all others. */
function useTrashMutation<Params extends { websiteId: number }, Answer>(
  mutationFn: (target: Params) => Promise<Answer>,
) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: (_, { websiteId }) => queries.invalidateQueries({ queryKey: trashOptions(websiteId).queryKey }),
  });
}

/** Shows the answer at once, on every screen of this agent: the event may come later. */
function useConversationMutation<Params extends Target>(mutationFn: (target: Params) => Promise<ConversationChanged>) {
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
