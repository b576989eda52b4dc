import { Button, Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconTrash } from "@tabler/icons-react";
import { isAdmin, useWebsite } from "#dashboard/data/me.ts";
import { visitorName } from "#dashboard/text/words.ts";
import type { Conversation } from "#protocol/conversations.ts";
import { DeletionForm } from "./deletion-form.tsx";
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
  const remove = useDeleteConversation();
  const target = { websiteId: row.websiteId, conversationId: row.id };
  return (
    <DeletionForm
      action="Delete conversation"
      error={remove.error}
      isPending={remove.isPending}
      onDelete={reason => remove.mutate({ ...target, reason }, { onSuccess: onClose })}
      onClose={onClose}
    >
      All of its messages and notes disappear at once, for every agent and for the visitor.
    </DeletionForm>
  );
}
