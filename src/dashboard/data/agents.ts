import { type QueryClient, queryOptions, useQuery } from "@tanstack/react-query";
import type { Agent } from "#protocol/agents.ts";
import { api } from "./api.ts";

const key = (websiteId: number) => ["agents", websiteId];

const agentsOptions = (websiteId: number) =>
  queryOptions({
    queryKey: key(websiteId),
    queryFn: async () => (await api<{ agents: Agent[] }>("GET", `/websites/${websiteId}/agents`)).agents,
  });

export const useAgents = (websiteId: number) => useQuery(agentsOptions(websiteId));

export const isAgentHeld = (queries: QueryClient, websiteId: number, userId: string): boolean =>
  queries.getQueryData<Agent[]>(key(websiteId))?.some(agent => agent.id === userId) ?? false;

/** Changes an agent in the cache, or removes them from it (null). Asks the server nothing. */
export function patchAgent(
  queries: QueryClient,
  websiteId: number,
  userId: string,
  change: (agent: Agent) => Agent | null,
): void {
  queries.setQueryData<Agent[]>(key(websiteId), agents =>
    agents?.flatMap(agent => (agent.id === userId ? (change(agent) ?? []) : agent)),
  );
}
