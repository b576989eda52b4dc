import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "#dashboard/data/api.ts";
import { meOptions } from "#dashboard/data/me.ts";
import type { Hold, HoldList } from "#protocol/holds.ts";
import type { RetentionShown } from "#protocol/retention.ts";
import type { Website } from "#protocol/websites.ts";

const retentionOptions = (websiteId: number) =>
  queryOptions({
    queryKey: ["retention", websiteId],
    queryFn: () => api<RetentionShown>("GET", `/websites/${websiteId}/retention`),
  });

export const useRetention = (websiteId: number) => useQuery(retentionOptions(websiteId));

export type Periods = { archiveAfterDays: number; deleteAfterDays: number };

/** Saving the periods confirms that what is older goes. */
export type ConfirmedPeriods = Periods & { isDeletionConfirmed: true };

export function useChangePeriods(websiteId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (settings: ConfirmedPeriods) => api<Website>("PATCH", `/websites/${websiteId}`, { settings }),
    onSuccess(saved) {
      queries.setQueryData(
        meOptions.queryKey,
        me => me && { ...me, websites: me.websites.map(row => (row.id === saved.id ? saved : row)) },
      );
      void queries.invalidateQueries({ queryKey: retentionOptions(websiteId).queryKey });
    },
  });
}

const holdsOptions = (websiteId: number) =>
  queryOptions({
    queryKey: ["holds", websiteId],
    queryFn: async () => (await api<HoldList>("GET", `/websites/${websiteId}/holds`)).holds,
  });

export const useHolds = (websiteId: number) => useQuery(holdsOptions(websiteId));

type Change = { targetId: string; reason: string } & (
  | { verb: "place"; targetKind: Hold["targetKind"] }
  | { verb: "lift" }
);

export function useChangeHold(websiteId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ verb, ...body }: Change) =>
      api<void>(verb === "place" ? "POST" : "DELETE", `/websites/${websiteId}/holds`, body),
    onSuccess: () => queries.invalidateQueries({ queryKey: holdsOptions(websiteId).queryKey }),
  });
}
