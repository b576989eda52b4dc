import { Button, Group, Text } from "@mantine/core";
import { IconTag } from "@tabler/icons-react";
import type { Conversation } from "#protocol/conversations.ts";
import { TagChip } from "./tag-chip.tsx";
import { useConversationTags } from "./use-conversation-tags.ts";

type Props = { row: Conversation; onPick: () => void };

/** The tags on a conversation, for its details panel. */
export function ConversationTags({ row, onPick }: Props) {
  const { all, tags, remove } = useConversationTags(row);
  return (
    <>
      {tags.length > 0 ? (
        <Group component="ul" gap={4} m={0} p={0} aria-label="Tags of this conversation">
          {tags.map(tag => (
            <li key={tag.id} style={{ display: "flex", minWidth: 0 }}>
              <TagChip tag={tag} onRemove={() => remove(tag)} />
            </li>
          ))}
        </Group>
      ) : (
        <Text size="sm" c="dimmed">
          {all.isPending ? "Loading…" : "None"}
        </Text>
      )}
      <Button
        mt={8}
        variant="default"
        size="compact-sm"
        leftSection={<IconTag size={16} stroke={1.5} />}
        title="Choose tags (t)"
        onClick={onPick}
      >
        Choose tags
      </Button>
    </>
  );
}
