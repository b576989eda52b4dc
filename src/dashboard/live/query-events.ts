import type { QueryClient } from "@tanstack/react-query";
import { isAgentHeld, patchAgent } from "#dashboard/data/agents.ts";
import { meOptions } from "#dashboard/data/me.ts";
import { restartRequests } from "#dashboard/data/queries.ts";
import type { AgentEvent } from "#protocol/socket.ts";

/** Updates what TanStack Query holds by an event, or marks it as stale. */
export function applyToQueries(queries: QueryClient, event: AgentEvent): void {
  switch (event.event) {
    case "agent.presence": {
      const { websiteId, userId, availability } = event.data;
      if (isAgentHeld(queries, websiteId, userId)) {
        patchAgent(queries, websiteId, userId, agent => ({ ...agent, availability }));
        restartRequests(queries, ["agents", websiteId]);
        return;
      }
      // A new agent has just accepted an invitation.
      void queries.invalidateQueries({ queryKey: ["agents", websiteId] });
      void queries.invalidateQueries({ queryKey: ["invitations", websiteId] });
      return;
    }
    case "memberships.changed":
      void queries.invalidateQueries({ queryKey: meOptions.queryKey });
      void queries.invalidateQueries({ queryKey: ["agents"] });
  }
}

/** After a hello: marks as stale what events keep current, because some were missed without a connection. */
export function refreshQueries(queries: QueryClient, isReconnect: boolean): void {
  // A request that is under way may be older than this hello, which brought this agent online: it starts again.
  void queries.cancelQueries({ queryKey: ["agents"] }).then(() => queries.invalidateQueries({ queryKey: ["agents"] }));
  void queries.invalidateQueries({ queryKey: ["conversation"] });
  if (isReconnect) void queries.invalidateQueries({ queryKey: meOptions.queryKey });
}
