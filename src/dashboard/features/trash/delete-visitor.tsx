import { Button, Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconUserMinus } from "@tabler/icons-react";
import { explain } from "#dashboard/data/api.ts";
import { isAdmin, useWebsite } from "#dashboard/data/me.ts";
import { countOf, visitorName } from "#dashboard/text/words.ts";
import type { Conversation } from "#protocol/conversations.ts";
import { DeletionForm } from "./deletion-form.tsx";
import { useDeleteVisitor, useVisitorContents } from "./trash.ts";

/** For admins and owners: deletes the visitor of a conversation with all of theirs, after a dialog. */
export function DeleteVisitor({ row }: { row: Conversation }) {
  const website = useWebsite();
  const [asking, dialog] = useDisclosure();
  if (!isAdmin(website)) return null;
  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<IconUserMinus size={16} stroke={1.5} />}
        onClick={dialog.open}
      >
        Delete visitor…
      </Button>
      <Modal opened={asking} onClose={dialog.close} title={`Delete ${visitorName(row.visitor)} and all of theirs?`}>
        <Question row={row} onClose={dialog.close} />
      </Modal>
    </>
  );
}

function Question({ row, onClose }: { row: Conversation; onClose: () => void }) {
  const target = { websiteId: row.websiteId, visitorId: row.visitor.id };
  const contents = useVisitorContents(target);
  const remove = useDeleteVisitor();
  return (
    <DeletionForm
      action="Delete visitor"
      error={remove.error}
      isPending={remove.isPending}
      isDisabled={!contents.data}
      onDelete={reason => remove.mutate({ ...target, reason }, { onSuccess: onClose })}
      onClose={onClose}
    >
      {contents.error ? `What would go could not be counted: ${explain(contents.error)} ` : null}
      What is known of them and{" "}
      {contents.data
        ? `${countOf(contents.data.conversations, "conversation")} with ${countOf(contents.data.messages, "message")}`
        : "all of their conversations"}{" "}
      disappear at once, for every agent and for the visitor. If they write again, they are a new visitor.
    </DeletionForm>
  );
}
