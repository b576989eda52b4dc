import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { explain } from "#dashboard/data/api.ts";
import { FormError } from "#dashboard/ui/form-error.tsx";
import type { Tag } from "#protocol/tags.ts";
import { useDeleteTag } from "./tags.ts";

type Props = { websiteId: number; tag: Tag | null; onClose: () => void };

/** Asks first, because it is not recorded which conversations had the tag. */
export const DeleteTagDialog = ({ websiteId, tag, onClose }: Props) => (
  <Modal opened={tag !== null} onClose={onClose} title={`Delete the tag “${tag?.name ?? ""}”?`}>
    {tag && <Question websiteId={websiteId} tag={tag} onClose={onClose} />}
  </Modal>
);

function Question({ websiteId, tag, onClose }: Props & { tag: Tag }) {
  const remove = useDeleteTag(websiteId, tag.id);
  const onSuccess = () => {
    notifications.show({ message: `The tag “${tag.name}” is deleted.` });
    onClose();
  };
  return (
    <Stack>
      <Text size="sm">
        Every conversation loses this tag. The conversations themselves stay. This cannot be undone.
      </Text>
      <FormError message={remove.error && explain(remove.error)} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          Keep
        </Button>
        <Button color="red.9" loading={remove.isPending} onClick={() => remove.mutate(undefined, { onSuccess })}>
          Delete tag
        </Button>
      </Group>
    </Stack>
  );
}
