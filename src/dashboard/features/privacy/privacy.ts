import { infiniteQueryOptions, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "#dashboard/data/api.ts";
import type { ConversationShown } from "#protocol/conversations.ts";
import type { ErasuresPage, VisitorCorrection } from "#protocol/privacy.ts";

type Target = { websiteId: number; visitorId: string };

const pathOf = ({ websiteId, visitorId }: Target) => `/websites/${websiteId}/visitors/${visitorId}`;

/** Where the browser gets the zip from. */
export const dataAddress = (target: Target) => `/api/v1${pathOf(target)}/data`;

/** What is known of the visitor of a conversation, each time that a dialog opens. */
export const useVisitor = ({ websiteId, conversationId }: { websiteId: number; conversationId: string }) =>
  useQuery({
    queryKey: ["visitor to correct", websiteId, conversationId],
    queryFn: async () => {
      const path = `/websites/${websiteId}/conversations/${conversationId}`;
      return (await api<ConversationShown>("GET", path)).visitor;
    },
    gcTime: 0,
  });

/** The socket brings the conversations; what is known of their visitor is asked for again. */
function useChange<Change>(send: (change: Change) => Promise<void>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["conversation"] }),
  });
}

export const useCorrect = (target: Target) =>
  useChange((change: VisitorCorrection) => api<void>("PATCH", pathOf(target), change));

export const useRestrict = (target: Target) =>
  useChange((isRestricted: boolean) =>
    api<void>("POST", `${pathOf(target)}/${isRestricted ? "restrict" : "unrestrict"}`),
  );

const erasuresOptions = (websiteId: number) =>
  infiniteQueryOptions({
    queryKey: ["erasures", websiteId],
    queryFn: ({ pageParam: cursor }) =>
      api<ErasuresPage>(
        "GET",
        `/websites/${websiteId}/erasures${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ""}`,
      ),
    initialPageParam: "",
    getNextPageParam: page => page.nextCursor,
    select: ({ pages }) => pages.flatMap(page => page.erasures),
  });

export const useErasures = (websiteId: number) =>
  useInfiniteQuery({ ...erasuresOptions(websiteId), refetchOnMount: "always" });
