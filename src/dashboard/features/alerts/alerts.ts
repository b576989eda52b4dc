import { queryOptions, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "#dashboard/data/api.ts";
import type {
  AlertChannel,
  AlertOverview,
  AlertPage,
  ChannelTest,
  CreatedChannel,
  NewChannel,
  NewSilence,
} from "#protocol/alerts.ts";

const pathOf = (websiteId: number) => `/websites/${websiteId}/alerts`;
const keyOf = (websiteId: number) => ["alerts", websiteId];

const overviewOptions = (websiteId: number) =>
  queryOptions({
    queryKey: [...keyOf(websiteId), "overview"],
    queryFn: () => api<AlertOverview>("GET", pathOf(websiteId)),
    refetchInterval: 10_000,
    retry: false,
  });

export const useOverview = (websiteId: number) => useQuery(overviewOptions(websiteId));

export const useHistory = (websiteId: number) =>
  useInfiniteQuery({
    queryKey: [...keyOf(websiteId), "history"],
    queryFn: ({ pageParam }) =>
      api<AlertPage>("GET", `${pathOf(websiteId)}/history${pageParam ? `?cursor=${pageParam}` : ""}`),
    initialPageParam: null as string | null,
    getNextPageParam: (page: AlertPage) => page.nextCursor,
    refetchInterval: 60_000,
  });

/** After each change the page shows what the server has now. */
function useChange<Params, Answer>(websiteId: number, change: (params: Params) => Promise<Answer>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => queries.invalidateQueries({ queryKey: keyOf(websiteId) }),
  });
}

export const useAddChannel = (websiteId: number) =>
  useChange(websiteId, (channel: NewChannel) => api<CreatedChannel>("POST", `${pathOf(websiteId)}/channels`, channel));

export const useTestChannel = (websiteId: number) =>
  useChange(websiteId, ({ id }: AlertChannel) => api<ChannelTest>("POST", `${pathOf(websiteId)}/channels/${id}/test`));

export const useDeleteChannel = (websiteId: number) =>
  useChange(websiteId, ({ id }: AlertChannel) => api("DELETE", `${pathOf(websiteId)}/channels/${id}`));

export const useAcknowledge = (websiteId: number) =>
  useChange(websiteId, (alertId: string) => api("POST", `${pathOf(websiteId)}/${alertId}/acknowledge`));

export const useSilence = (websiteId: number) =>
  useChange(websiteId, (silence: NewSilence) => api("POST", `${pathOf(websiteId)}/silences`, silence));

export const useEndSilence = (websiteId: number) =>
  useChange(websiteId, (silenceId: string) => api("DELETE", `${pathOf(websiteId)}/silences/${silenceId}`));
