import { Group, Select } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useAgents } from "#dashboard/data/agents.ts";
import { type AuditAction, auditActions } from "#protocol/audit-actions.ts";
import { actionName } from "./audit-words.ts";

/** Actions on the installation itself are in no website's log. */
const actions = auditActions
  .filter(action => !action.startsWith("database."))
  .map(action => ({ value: action, label: actionName(action) }));

/** One person, one action, or both. The address of the page holds them. */
export function AuditFilters({ websiteId }: { websiteId: number }) {
  const { person, action } = useSearch({ from: "/signed-in/w/$websiteId/settings/audit" });
  const agents = useAgents(websiteId);
  const navigate = useNavigate();
  const people = (agents.data ?? []).map(agent => ({ value: agent.id, label: agent.name }));
  const show = (change: { person?: string | undefined; action?: AuditAction | undefined }) =>
    void navigate({ to: ".", search: before => ({ ...before, ...change }) });

  return (
    <Group gap={12} mb={16}>
      <Select
        aria-label="Person"
        placeholder="All people"
        clearable
        searchable
        data={people}
        value={person ?? null}
        onChange={value => show({ person: value ?? undefined })}
      />
      <Select
        aria-label="Action"
        placeholder="All actions"
        clearable
        searchable
        data={actions}
        value={action ?? null}
        onChange={value => show({ action: (value as AuditAction | null) ?? undefined })}
      />
    </Group>
  );
}
