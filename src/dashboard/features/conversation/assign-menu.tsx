import { Button, Loader, Menu } from "@mantine/core";
import { IconCheck, IconUser, IconUserOff } from "@tabler/icons-react";
import { useAgents } from "#dashboard/data/agents.ts";
import { explain } from "#dashboard/data/api.ts";
import { useMe } from "#dashboard/data/me.ts";
import { availabilityName } from "#dashboard/text/words.ts";
import { Person } from "#dashboard/ui/person.tsx";
import type { Agent } from "#protocol/agents.ts";
import type { Conversation } from "#protocol/conversations.ts";
import classes from "./assign-menu.module.css";

type Props = { row: Conversation; onAssign: (to: Conversation["assignee"]) => void };

export function AssignMenu({ row, onAssign }: Props) {
  const { assignee } = row;
  const label = assignee ? `Assigned to ${assignee.name}` : "Assign";
  return (
    <Menu position="bottom-end" width={260} shadow="md">
      <Menu.Target>
        <Button variant="default" className={classes.button} aria-label={label}>
          {assignee ? <Person name={assignee.name} size={24} hint={label} /> : <IconUser size={16} />}
          <span className={classes.name}>{assignee?.name ?? "Assign"}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={classes.dropdown}>
        <Choices row={row} onAssign={onAssign} />
      </Menu.Dropdown>
    </Menu>
  );
}

function Choices({ row, onAssign }: Props) {
  const { user } = useMe();
  const agents = useAgents(row.websiteId);
  const others = (agents.data ?? []).filter(agent => agent.id !== user.id).sort(readyFirst);
  const chosen = (id: string | null) =>
    (row.assignee?.id ?? null) === id && <IconCheck size={16} aria-label="chosen" />;
  return (
    <>
      <Menu.Item
        leftSection={<Person name={user.name} size={24} />}
        rightSection={chosen(user.id)}
        onClick={() => onAssign({ id: user.id, name: user.name })}
      >
        Me
      </Menu.Item>
      {others.map(agent => (
        <Menu.Item
          key={agent.id}
          leftSection={<Person name={agent.name} size={24} availability={agent.availability} />}
          rightSection={chosen(agent.id)}
          onClick={() => onAssign({ id: agent.id, name: agent.name })}
        >
          {agent.name}
          {agent.availability === "away" && <span className={classes.away}> · {availabilityName.away}</span>}
        </Menu.Item>
      ))}
      {agents.isPending && (
        <Menu.Item disabled leftSection={<Loader size={16} />}>
          Loading the others
        </Menu.Item>
      )}
      {agents.isError && (
        <Menu.Item closeMenuOnClick={false} color="red" onClick={() => void agents.refetch()}>
          {explain(agents.error)}
        </Menu.Item>
      )}
      <Menu.Divider />
      <Menu.Item
        leftSection={<IconUserOff size={16} className={classes.icon} />}
        rightSection={chosen(null)}
        onClick={() => onAssign(null)}
      >
        No agent
      </Menu.Item>
    </>
  );
}

const readiness = ["online", "away", "offline"];

const readyFirst = (a: Agent, b: Agent) =>
  readiness.indexOf(a.availability) - readiness.indexOf(b.availability) || a.name.localeCompare(b.name);
