import { QueryClient } from "@tanstack/react-query";
import { isRefusal } from "#client/api.ts";

const isPassing = (error: unknown) => isRefusal(error) && (error.status === 0 || error.status >= 500);

export const queries = new QueryClient({
  defaultOptions: {
    // "always": the server may stand in the same room, reachable without the internet that browsers look for.
    queries: { staleTime: 30_000, networkMode: "always", retry: (count, error) => count < 2 && isPassing(error) },
    mutations: { networkMode: "always" },
  },
});
