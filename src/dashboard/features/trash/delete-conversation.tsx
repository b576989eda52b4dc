import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { explain } from "#dashboard/data/api.ts";
import { isAdmin, useWebsite } from "#dashboard/data/me.ts";
import { dateOf } from "#dashboard/text/time.ts";
import { visitorName } from "#dashboard/text/words.ts";
import { FormError } from "#dashboard/ui/form-error.tsx";
import type { Conversation } from "#protocol/conversations.ts";
import { limits } from "#protocol/limits.ts";
import { useDeleteConversation } from "./trash.ts";

/** For admins and owners: a button, and the dialog that says what goes and until when it can come back. */
export function DeleteConversation({ row }: { row: Conversation }) {
  const website = useWebsite();
  const [asking, dialog] = useDisclosure();
  if (!isAdmin(website)) return null;
  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<IconTrash size={16} stroke={1.5} />}
        onClick={dialog.open}
      >
        Delete conversation…
      </Button>
      <Modal opened={asking} onClose={dialog.close} title={`Delete the conversation with ${visitorName(row.visitor)}?`}>
        <Question row={row} onClose={dialog.close} />
      </Modal>
    </>
  );
}

function Question({ row, onClose }: { row: Conversation; onClose: () => void }) {
  const [reason, setReason] = useState("");
  const remove = useDeleteConversation();
  const target = { websiteId: row.websiteId, conversationId: row.id };
  return (
    <form
      onSubmit={event => {
        event.preventDefault();
        remove.mutate({ ...target, reason }, { onSuccess: onClose });
      }}
    >
      <Stack>
        <Text size="sm">
          All of its messages and notes disappear at once, for every agent and for the visitor. Until{" "}
          {dateOf(Date.now() + limits.undoDays * 86_400_000)} it can be brought back. Then it is deleted for good.
        </Text>
        <TextInput
          label="Reason"
          description="Optional. Admins see it in the trash and in the audit log."
          maxLength={200}
          value={reason}
          onChange={event => setReason(event.currentTarget.value)}
        />
        <FormError message={remove.error && explain(remove.error)} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep
          </Button>
          <Button type="submit" color="red.9" loading={remove.isPending}>
            Delete conversation
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
