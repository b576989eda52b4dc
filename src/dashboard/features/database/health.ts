import { queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import { isRefusal } from "#client/api.ts";
import { api } from "#dashboard/data/api.ts";
import type { HealthFix, HealthHistory, HealthPeriod, HealthReport, HealthSessions } from "#protocol/health.ts";

const pathOf = (websiteId: number) => `/websites/${websiteId}/health`;

/** isLast: the server could not look up the session, because its database is away. This is what it knows. */
export type Shown = { report: HealthReport; isLast: boolean };

/** A frozen database keeps a request for half a minute: too long for a page that says so. */
const maxWaitMs = 800;

async function readReport(websiteId: number): Promise<Shown> {
  const asked = api<HealthReport>("GET", pathOf(websiteId));
  asked.catch(() => {}); // the race may be over before
  const late = new Promise<never>((_, reject) => setTimeout(reject, maxWaitMs, new Error("late")));
  try {
    return { report: await Promise.race([asked, late]), isLast: false };
  } catch (error) {
    if (isRefusal(error) && error.status > 0 && error.status < 500) throw error;
    const last = api<HealthReport>("GET", "/health/last");
    return last.then(
      report => ({ report, isLast: true }),
      async () => ({ report: await asked, isLast: false }),
    );
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

export const useHistory = (websiteId: number, period: HealthPeriod) =>
  useQuery({
    queryKey: ["health", websiteId, "history", period],
    queryFn: () => api<HealthHistory>("GET", `${pathOf(websiteId)}/history?period=${period}`),
    refetchInterval: 60_000,
  });

export const useSessions = (websiteId: number) =>
  useQuery({
    queryKey: ["health", websiteId, "sessions"],
    queryFn: () => api<HealthSessions>("GET", `${pathOf(websiteId)}/sessions`),
    refetchInterval: 5_000,
  });

export const useMend = (websiteId: number) =>
  useMutation({ mutationFn: (fix: HealthFix) => api("POST", `${pathOf(websiteId)}/mend`, { fix }) });
