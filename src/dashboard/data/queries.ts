import { QueryClient, type QueryKey } from "@tanstack/react-query";
import { isRefusal } from "#client/api.ts";

const isTransient = (error: unknown) => isRefusal(error) && (error.status === 0 || error.status >= 500);

export const queries = new QueryClient({
  defaultOptions: {
    // "always": browsers look for the internet, but the server may be in the local network.
    queries: { staleTime: 30_000, networkMode: "always", retry: (count, error) => count < 2 && isTransient(error) },
    mutations: { networkMode: "always" },
  },
});

/**
 * Starts requests that are under way again: to be called after an event. Their answers may be older than the event and
 * would replace what it brought.
 */
export function restartRequests(client: QueryClient, queryKey: QueryKey): void {
  if (!client.isFetching({ queryKey })) return;
  void client.cancelQueries({ queryKey }).then(() => client.invalidateQueries({ queryKey }));
}
