import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { patchAgent } from "#dashboard/data/agents.ts";
import { api, explain } from "#dashboard/data/api.ts";
import { FormError } from "#dashboard/ui/form-error.tsx";
import type { Agent } from "#protocol/agents.ts";
import type { Website } from "#protocol/websites.ts";

type Props = { website: Website; agent: Agent | null; onClose: () => void };

/** Asks first: removing cannot be undone. */
export const RemoveDialog = ({ website, agent, onClose }: Props) => (
  <Modal opened={agent !== null} onClose={onClose} title={`Remove ${agent?.name ?? ""} from ${website.name}?`}>
    {agent && <Question website={website} agent={agent} onClose={onClose} />}
  </Modal>
);

function Question({ website, agent, onClose }: Props & { agent: Agent }) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api<null>("DELETE", `/websites/${website.id}/agents/${agent.id}`),
    onSuccess() {
      patchAgent(queries, website.id, agent.id, () => null);
      notifications.show({ message: `${agent.name} is removed from ${website.name}.` });
      onClose();
    },
  });
  return (
    <Stack>
      <Text size="sm">
        {agent.name} is signed out everywhere at once, and their conversations here become unassigned. Their messages
        stay. This cannot be undone: to come back, {agent.name} needs a new invitation.
      </Text>
      <FormError message={remove.error && explain(remove.error)} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          Keep
        </Button>
        <Button color="red.9" loading={remove.isPending} onClick={() => remove.mutate()}>
          Remove {agent.name}
        </Button>
      </Group>
    </Stack>
  );
}
