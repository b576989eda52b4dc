import { Button, Group, Stack, Text } from "@mantine/core";

type Props = { isNote: boolean; onKeep: () => void; onDelete: () => void };

/** Asks first: a deletion cannot be undone yet. */
export const DeleteQuestion = ({ isNote, onKeep, onDelete }: Props) => (
  <Stack gap={8}>
    <Text fw={600}>{isNote ? "Delete note?" : "Delete message?"}</Text>
    <Text>
      {isNote ? "Other agents" : "The visitor and other agents"} can no longer read it. This cannot be undone.
    </Text>
    <Group gap={8} justify="flex-end">
      <Button size="compact-sm" variant="default" onClick={onKeep} data-autofocus>
        Keep
      </Button>
      <Button size="compact-sm" color="red.9" onClick={onDelete}>
        Delete
      </Button>
    </Group>
  </Stack>
);
