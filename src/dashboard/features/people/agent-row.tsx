import { ActionIcon, Select, Tooltip } from "@mantine/core";
import { IconUserMinus } from "@tabler/icons-react";
import { availabilityName, roleMeaning, roleName } from "#dashboard/text/words.ts";
import { Ago } from "#dashboard/ui/ago.tsx";
import { Person } from "#dashboard/ui/person.tsx";
import type { Agent, Role } from "#protocol/agents.ts";
import type { Website } from "#protocol/websites.ts";
import classes from "./agent-row.module.css";
import { useChangeRole } from "./use-change-role.ts";

type Props = { website: Website; agent: Agent; isMe: boolean; lastOwner: boolean; onRemove: () => void };

export function AgentRow({ website, agent, isMe, lastOwner, onRemove }: Props) {
  const change = useChangeRole(website.id);
  const forbidden = reasonAgainstChange(website.role, agent, lastOwner);
  const roles: Role[] =
    website.role === "owner" || agent.role === "owner" ? ["owner", "admin", "agent"] : ["admin", "agent"];

  return (
    <li className={classes.root}>
      <Person
        name={agent.name}
        size={40}
        availability={agent.availability}
        hint={availabilityName[agent.availability]}
      />
      <div className={classes.person}>
        <div className={classes.name}>
          {agent.name}
          {isMe && <span className={classes.you}> (you)</span>}
          {agent.availability === "away" && <span className={classes.away}> · {availabilityName.away}</span>}
        </div>
        <div className={classes.email}>{agent.email}</div>
      </div>
      <div className={classes.joined}>
        Joined <Ago moment={agent.joinedAt} />
      </div>
      {forbidden ? (
        <Tooltip label={forbidden} openDelay={300} multiline maw={280}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the reason is for the keyboard, too */}
          <span className={classes.fixed} tabIndex={0}>
            {roleName[agent.role]}
          </span>
        </Tooltip>
      ) : (
        <>
          <Select
            className={classes.role}
            aria-label={`Role of ${agent.name}`}
            data={roles.map(role => ({ value: role, label: roleName[role] }))}
            value={agent.role}
            allowDeselect={false}
            renderOption={({ option }) => <RoleOption role={option.value as Role} />}
            comboboxProps={{ width: 260, position: "bottom-end" }}
            onChange={role => role && change(agent, role as Role)}
          />
          <Tooltip label={`Remove ${agent.name}`} openDelay={300}>
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`Remove ${agent.name}`} onClick={onRemove}>
              <IconUserMinus size={20} stroke={1.5} />
            </ActionIcon>
          </Tooltip>
        </>
      )}
    </li>
  );
}

const RoleOption = ({ role }: { role: Role }) => (
  <div>
    {roleName[role]}
    <div className={classes.meaning}>{roleMeaning[role]}</div>
  </div>
);

/** Why the reader may not change this person; null when they may. */
function reasonAgainstChange(mine: Role, agent: Agent, lastOwner: boolean): string | null {
  if (mine === "agent") return "Only admins and owners can change roles and remove people.";
  if (agent.role === "owner" && mine !== "owner") return "Only an owner can change or remove an owner.";
  if (lastOwner) return "A website needs an owner. Make another person an owner first.";
  return null;
}
