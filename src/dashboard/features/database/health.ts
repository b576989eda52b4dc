import { queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import { api } from "#dashboard/data/api.ts";
import { DatabaseAway, orLastReport } from "#dashboard/data/last-report.ts";
import type {
  HealthFix,
  HealthHistory,
  HealthPeriod,
  HealthPlan,
  HealthQueries,
  HealthReport,
  HealthSessions,
} from "#protocol/health.ts";

const pathOf = (websiteId: number) => `/websites/${websiteId}/health`;

/** isLast: the server could not look up the session, because its database is away. This is what it knows. */
export type Shown = { report: HealthReport; isLast: boolean };

async function readReport(websiteId: number): Promise<Shown> {
  try {
    return { report: await orLastReport(api<HealthReport>("GET", pathOf(websiteId))), isLast: false };
  } catch (error) {
    if (error instanceof DatabaseAway) return { report: error.report, isLast: true };
    throw error;
  }
}

export const healthOptions = (websiteId: number) =>
  queryOptions({
    queryKey: ["health", websiteId],
    queryFn: () => readReport(websiteId),
    staleTime: 5_000,
    retry: false, // it asks again every five seconds
  });

/** Asks every five seconds: the server answers from memory. */
export const useHealth = (websiteId: number) => useQuery({ ...healthOptions(websiteId), refetchInterval: 5_000 });

export const useHistory = (websiteId: number, period: HealthPeriod, checks: string[]) =>
  useQuery({
    queryKey: ["health", websiteId, "history", period, checks],
    queryFn: () => api<HealthHistory>("GET", `${pathOf(websiteId)}/history?period=${period}&checks=${checks}`),
    refetchInterval: 60_000,
  });

export const useSessions = (websiteId: number) =>
  useQuery({
    queryKey: ["health", websiteId, "sessions"],
    queryFn: () => api<HealthSessions>("GET", `${pathOf(websiteId)}/sessions`),
    refetchInterval: 5_000,
  });

/** The server counts them together in each run of the checks. */
export const useQueries = (websiteId: number) =>
  useQuery({
    queryKey: ["health", websiteId, "queries"],
    queryFn: () => api<HealthQueries>("GET", `${pathOf(websiteId)}/queries`),
    refetchInterval: 30_000,
  });

export const usePlan = (websiteId: number, name: string) =>
  useQuery({
    queryKey: ["health", websiteId, "plan", name],
    queryFn: () => api<HealthPlan>("GET", `${pathOf(websiteId)}/plan?query=${encodeURIComponent(name)}`),
    staleTime: 60_000,
  });

export const useMend = (websiteId: number) =>
  useMutation({ mutationFn: (fix: HealthFix) => api("POST", `${pathOf(websiteId)}/mend`, { fix }) });
