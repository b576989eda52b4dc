import { QueryClient } from "@tanstack/react-query";
import { isRefusal } from "#client/api.ts";

const isTransient = (error: unknown) => isRefusal(error) && (error.status === 0 || error.status >= 500);

export const queries = new QueryClient({
  defaultOptions: {
    // "always": browsers look for the internet, but the server may be in the local network.
    queries: { staleTime: 30_000, networkMode: "always", retry: (count, error) => count < 2 && isTransient(error) },
    mutations: { networkMode: "always" },
  },
});
