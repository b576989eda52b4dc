import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { patchAgent } from "#dashboard/data/agents.ts";
import { api, explain } from "#dashboard/data/api.ts";
import type { Agent, Role } from "#protocol/agents.ts";

/** Shows the new role at once. If the server refuses, the old role comes back, with the reason. */
export function useChangeRole(websiteId: number) {
  const queries = useQueryClient();
  return async (agent: Agent, role: Role) => {
    patchAgent(queries, websiteId, agent.id, held => ({ ...held, role }));
    try {
      const changed = await api<Agent>("PATCH", `/websites/${websiteId}/agents/${agent.id}`, { role });
      patchAgent(queries, websiteId, agent.id, () => changed);
    } catch (error) {
      patchAgent(queries, websiteId, agent.id, held => ({ ...held, role: agent.role }));
      notifications.show({ color: "red", title: `${agent.name}’s role is not changed`, message: explain(error) });
    }
  };
}
