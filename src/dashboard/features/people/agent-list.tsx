import { Skeleton, Stack } from "@mantine/core";
import { useState } from "react";
import { useAgents } from "#dashboard/data/agents.ts";
import { useMe } from "#dashboard/data/me.ts";
import { Failure } from "#dashboard/ui/failure.tsx";
import type { Agent } from "#protocol/agents.ts";
import type { Website } from "#protocol/websites.ts";
import { AgentRow } from "./agent-row.tsx";
import { RemoveDialog } from "./remove-dialog.tsx";

export function AgentList({ website }: { website: Website }) {
  const { user } = useMe();
  const agents = useAgents(website.id);
  const [removed, setRemoved] = useState<Agent | null>(null);

  if (agents.isPending) return <Loading />;
  if (agents.isError) {
    return <Failure what="The agents could not be loaded" error={agents.error} onRetry={() => void agents.refetch()} />;
  }
  return (
    <>
      <Stack component="ul" gap={0} m={0} p={0} aria-label="Agents">
        {agents.data.map(agent => (
          <AgentRow
            key={agent.id}
            website={website}
            agent={agent}
            isMe={agent.id === user.id}
            lastOwner={agent.role === "owner" && agents.data.every(row => row.role !== "owner" || row.id === agent.id)}
            onRemove={() => setRemoved(agent)}
          />
        ))}
      </Stack>
      <RemoveDialog website={website} agent={removed} onClose={() => setRemoved(null)} />
    </>
  );
}

const Loading = () => (
  <Stack role="status" aria-label="Loading the agents">
    <Skeleton height={40} />
    <Skeleton height={40} />
    <Skeleton height={40} />
  </Stack>
);
