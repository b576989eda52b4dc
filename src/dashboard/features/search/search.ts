import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { isRefusal } from "#client/api.ts";
import { api } from "#dashboard/data/api.ts";
import type { SearchPage } from "#protocol/search.ts";

const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();

const searchOptions = (websiteId: number, text: string) =>
  infiniteQueryOptions({
    queryKey: ["search", websiteId, text],
    queryFn({ pageParam: cursor }) {
      const asked = new URLSearchParams({ q: text, timeZone, ...(cursor && { cursor }) });
      return api<SearchPage>("GET", `/websites/${websiteId}/search?${asked}`);
    },
    initialPageParam: "",
    getNextPageParam: page => page.nextCursor,
    enabled: text.trim() !== "",
    placeholderData: keepPreviousData,
    // What was found a moment ago may be edited or deleted by now.
    staleTime: 0,
  });

export const useSearchPages = (websiteId: number, text: string) => useInfiniteQuery(searchOptions(websiteId, text));

/** The search was understood to be wrong: its message says what to write. */
export const mistakeIn = (error: unknown): string | null =>
  isRefusal(error) && error.status === 400 ? error.message : null;
