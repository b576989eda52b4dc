import { ActionIcon, Button, Group, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { explain } from "#dashboard/data/api.ts";
import { changedFields } from "#dashboard/ui/form.ts";
import type { CannedReply } from "#protocol/canned-replies.ts";
import { useChangeReplies } from "./canned-replies.ts";
import { ReplyForm } from "./reply-form.tsx";
import classes from "./reply-row.module.css";

type Props = { websiteId: number; reply: CannedReply; canChange: boolean };

export function ReplyRow({ websiteId, reply, canChange }: Props) {
  const [editing, edit] = useDisclosure();
  const remove = useRemoveWithUndo(websiteId);
  if (editing) return <EditedRow websiteId={websiteId} reply={reply} onDone={edit.close} />;
  return (
    <li className={classes.root}>
      <div className={classes.what}>
        <div className={classes.shortcut}>/{reply.shortcut}</div>
        <div className={classes.body}>{reply.body}</div>
      </div>
      {canChange && (
        <>
          <Action
            label={`Change /${reply.shortcut}`}
            icon={<IconPencil size={20} stroke={1.5} />}
            onClick={edit.open}
          />
          <Action
            label={`Delete /${reply.shortcut}`}
            icon={<IconTrash size={20} stroke={1.5} />}
            onClick={() => remove(reply)}
          />
        </>
      )}
    </li>
  );
}

const Action = ({ label, icon, onClick }: { label: string; icon: React.ReactNode; onClick: () => void }) => (
  <Tooltip label={label} openDelay={300}>
    <ActionIcon variant="subtle" color="gray" size="lg" aria-label={label} onClick={onClick}>
      {icon}
    </ActionIcon>
  </Tooltip>
);

/** Deletes at once. The notice brings the reply back: nothing else refers to it, so one with the same texts is the same. */
function useRemoveWithUndo(websiteId: number): (reply: CannedReply) => void {
  const { create, remove } = useChangeReplies(websiteId);
  const onError = (error: unknown) =>
    notifications.show({ color: "red", title: "The canned reply was not changed", message: explain(error) });
  const undo = ({ shortcut, body, isOwn }: CannedReply, noticeId: string) => {
    notifications.hide(noticeId);
    create.mutate({ shortcut, body, isOwn }, { onError });
  };
  const onSuccess = (reply: CannedReply) => {
    const id = `deleted ${reply.id}`;
    const message = (
      <Group justify="space-between">
        /{reply.shortcut} is deleted.
        <Button variant="default" size="compact-sm" onClick={() => undo(reply, id)}>
          Undo
        </Button>
      </Group>
    );
    notifications.show({ id, message, autoClose: 15_000 });
  };
  // The row is gone before the answer, and mutate()'s own callbacks with it.
  return reply => void remove.mutateAsync(reply).then(() => onSuccess(reply), onError);
}

function EditedRow({ websiteId, reply, onDone }: { websiteId: number; reply: CannedReply; onDone: () => void }) {
  const { change } = useChangeReplies(websiteId);
  const { id, ...initial } = reply;
  return (
    <li className={classes.edited}>
      <ReplyForm
        initial={initial}
        canShare={false}
        submit="Save"
        refusal={change.error && explain(change.error)}
        isPending={change.isPending}
        onSubmit={body => change.mutate({ id, ...changedFields(initial, body) }, { onSuccess: onDone })}
        onCancel={onDone}
      />
    </li>
  );
}
