import { queryOptions } from "@tanstack/react-query";
import { api } from "./api.ts";

/** Whether the server still waits for its owner. */
export const setupOptions = queryOptions({
  queryKey: ["setup"],
  queryFn: () => api<{ needed: boolean }>("GET", "/setup"),
  staleTime: 0,
});
