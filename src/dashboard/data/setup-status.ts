import { queryOptions } from "@tanstack/react-query";
import { api } from "./api.ts";

/** Whether the server still needs its first owner. */
export const setupOptions = queryOptions({
  queryKey: ["setup"],
  queryFn: () => api<{ needed: boolean }>("GET", "/setup"),
  staleTime: 0,
});
