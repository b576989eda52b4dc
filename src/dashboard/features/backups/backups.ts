import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "#dashboard/data/api.ts";
import type { BackupOverview, BackupRun } from "#protocol/backups.ts";

const path = "/installation/backups";

export const fileAddress = (backupId: string) => `/api/v1${path}/${backupId}/file`;

/** While something runs its progress is shown; otherwise the recovery point moves each 10 s. */
const runningMs = 2_000;
const idleMs = 15_000;

const backupsOptions = queryOptions({
  queryKey: ["backups"],
  queryFn: () => api<BackupOverview>("GET", path),
  refetchInterval: ({ state }) => (state.data?.runs.some(isActive) ? runningMs : idleMs),
  staleTime: 0,
  retry: false,
});

export const useBackups = () => useQuery(backupsOptions);

export function useRequestRun() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (kind: BackupRun["kind"]) => api<BackupOverview>("POST", path, { kind }),
    onSuccess: overview => queries.setQueryData(backupsOptions.queryKey, overview),
  });
}

export const isActive = ({ finishedAt }: BackupRun): boolean => finishedAt === null;
