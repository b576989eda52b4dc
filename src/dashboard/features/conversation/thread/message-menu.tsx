import { ActionIcon, Menu, Popover } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDots, IconPencil, IconTrash } from "@tabler/icons-react";
import type { ShownMessage } from "#client/text/grouping.ts";
import { DeleteQuestion } from "./delete-question.tsx";
import classes from "./message-menu.module.css";
import { useThreadEditing } from "./use-editing.ts";

type Props = { message: ShownMessage; isNote: boolean };

/** The actions on an own message. Shows while the pointer or the focus is on the message. */
export function MessageMenu({ message, isNote }: Props) {
  const { begin, remove, mayEdit } = useThreadEditing();
  const [opened, menu] = useDisclosure();
  const [asks, question] = useDisclosure();

  function confirm() {
    question.close();
    remove(message.conversationId!, message.id);
  }
  return (
    <Popover
      opened={asks}
      onDismiss={question.close}
      position="left"
      width={260}
      shadow="md"
      trapFocus
      withRoles={false}
    >
      <Popover.Target>
        <span className={classes.root} data-open={opened || asks || undefined}>
          <Menu opened={opened} onChange={menu.toggle} position="left-start" width={160} shadow="md">
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" aria-label={isNote ? "Change the note" : "Change the message"}>
                <IconDots size={16} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {mayEdit && (
                <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => begin(message.id)}>
                  Edit
                </Menu.Item>
              )}
              <Menu.Item leftSection={<IconTrash size={16} />} onClick={question.open}>
                Delete
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </span>
      </Popover.Target>
      {/* Not by Mantine: it would put attributes of a button on the target, which is none. */}
      <Popover.Dropdown role="dialog" aria-label={isNote ? "Delete note?" : "Delete message?"}>
        <DeleteQuestion isNote={isNote} onKeep={question.close} onDelete={confirm} />
      </Popover.Dropdown>
    </Popover>
  );
}
