import { queryOptions, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { Website } from "#protocol/websites.ts";
import type { Me } from "#protocol/accounts.ts";
import { api } from "./api.ts";

/** The signed-in user, and the websites that they may see. */
export const meOptions = queryOptions({
  queryKey: ["me"],
  queryFn: () => api<Me>("GET", "/me"),
  staleTime: 60_000,
});

/** For pages inside the signed-in part: its route has loaded the data. */
export const useMe = (): Me => useSuspenseQuery(meOptions).data;

/** For pages that need no session; null while unknown and when signed out. */
export const useMaybeMe = (): Me | null => useQuery({ ...meOptions, retry: false }).data ?? null;

/** The website of the address. Its shell has checked that the user is one of its agents. */
export function useWebsite(): Website {
  const { websiteId } = useParams({ from: "/signed-in/w/$websiteId" });
  const website = useMe().websites.find(row => row.id === websiteId);
  if (!website) throw new Error(`the user is no agent of website ${websiteId}`);
  return website;
}

export const isAdmin = (website: Website): boolean => website.role !== "agent";
