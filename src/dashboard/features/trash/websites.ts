import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { api } from "#dashboard/data/api.ts";
import { meOptions } from "#dashboard/data/me.ts";
import type { DeletedWebsites, VisitorContents } from "#protocol/trash.ts";

const deletedOptions = queryOptions({
  queryKey: ["deleted-websites"],
  queryFn: async () => (await api<DeletedWebsites>("GET", "/deleted-websites")).websites,
});

export type DeletedWebsite = DeletedWebsites["websites"][number];

/** The deleted websites that the user owns. */
export const useDeletedWebsites = () => useQuery({ ...deletedOptions, refetchOnMount: "always" });

/** What goes with a website. */
export const useWebsiteContents = (websiteId: number) =>
  useQuery({
    queryKey: ["website-contents", websiteId],
    queryFn: () => api<VisitorContents>("GET", `/websites/${websiteId}/contents`),
    staleTime: 0,
  });

/*
 * Both lead to another page, by themselves: what has called them may be gone when the server answers, because the event that
 * the websites have changed came first.
 */

export function useDeleteWebsite() {
  const navigate = useNavigate();
  const reload = useReload();
  return useMutation({
    mutationFn: ({ websiteId, ...deletion }: { websiteId: number; name: string; reason: string }) =>
      api<null>("DELETE", `/websites/${websiteId}`, deletion),
    async onSuccess() {
      await navigate({ to: "/deleted-websites" });
      await reload();
    },
  });
}

export function useRestoreWebsite() {
  const navigate = useNavigate();
  const reload = useReload();
  return useMutation({
    mutationFn: (websiteId: number) => api<null>("POST", `/deleted-websites/${websiteId}/restore`, {}),
    async onSuccess(_, websiteId) {
      await reload();
      await navigate({ to: "/w/$websiteId/inbox/$view", params: { websiteId, view: "all" } });
    },
  });
}

/** Loads the websites of the menu again, as the event does on other screens. */
function useReload() {
  const queries = useQueryClient();
  return () => Promise.all([meOptions, deletedOptions].map(({ queryKey }) => queries.invalidateQueries({ queryKey })));
}
