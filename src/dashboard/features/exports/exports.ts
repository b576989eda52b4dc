import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "#dashboard/data/api.ts";
import type { Export, ExportFormat, ExportList, ExportScope } from "#protocol/exports.ts";

const queryKey = (websiteId: number) => ["exports", websiteId];
const path = (websiteId: number) => `/websites/${websiteId}/exports`;

/** While one is not finished, its progress is asked for. */
const pollMs = 1_000;

export const isUnfinished = ({ state }: Export) => state === "waiting" || state === "running";

/** The exports of the last days, newest first. */
export const useExports = (websiteId: number) =>
  useQuery({
    queryKey: queryKey(websiteId),
    queryFn: async () => (await api<ExportList>("GET", path(websiteId))).exports,
    refetchOnMount: "always",
    refetchInterval: ({ state }) => (state.data?.some(isUnfinished) ? pollMs : false),
  });

export function useRequestExport(websiteId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (wanted: { scope: ExportScope; format: ExportFormat }) => api<Export>("POST", path(websiteId), wanted),
    onSuccess: added => {
      queries.setQueryData<Export[]>(queryKey(websiteId), held => [added, ...(held ?? [])]);
      return queries.invalidateQueries({ queryKey: queryKey(websiteId) });
    },
  });
}

export function useDeleteExport(websiteId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api<void>("DELETE", `${path(websiteId)}/${id}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: queryKey(websiteId) }),
  });
}

export const fileAddress = (websiteId: number, id: string) => `/api/v1${path(websiteId)}/${id}/file`;
